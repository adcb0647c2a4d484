using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Data.Postgres;

/// <summary>A test of partitions, which only PostgreSQL has, in years of which no migration has made any.</summary>
public abstract class PartitionsTest : IAsyncLifetime
{
    protected static readonly bool OnSqlite = TestDatabase.DefaultProvider == Infrastructure.Data.DatabaseProvider.Sqlite;

    /// <summary>Tables, and the column with the call.</summary>
    protected static readonly (string Table, string Call)[] Tables =
        [("Calls", "Id"), ("LedgerEntries", "CallId"), ("CallAttempts", "CallId"), ("CapturedContents", "CallId")];

    protected TestDatabase Database { get; private set; } = null!;

    protected ProductProcess Process { get; private set; } = null!;

    protected Tenant Tenant { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (OnSqlite) return;
        Database = await TestDatabase.CreateAsync();
        Process = await new ProductProcess(Database, new FakeTime(new DateTimeOffset(2031, 11, 30, 12, 0, 0, TimeSpan.Zero))).StartAsync();
        Tenant = await Tenant.CreateAsync(Process.Services);
    }

    public async ValueTask DisposeAsync()
    {
        if (!OnSqlite)
        {
            await Process.DisposeAsync();
            await Database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected Task RunJobAsync(ProductProcess? process = null) => (process ?? Process).Get<PartitionsJob>().RunAsync(default);

    /// <summary>A call with everything that can be written of it.</summary>
    protected async Task<Call> MakeCallAsync(DateTimeOffset at)
    {
        var call = Tenant.Call(at);
        Assert.Null(await Process.Get<CallLedger>().OpenAsync(call));
        await Process.Get<CallLedger>().SettleAsync(call, call.Result());
        await using var db = Process.Database.AcrossOrganizations();
        db.CapturedContents.Add(new CapturedContent
        {
            Id = Guid.CreateVersion7(at), OrganizationId = Tenant.Id, CallId = call.Id, Side = ContentSide.Prompt, Ciphertext = [1], Commitment = [2],
            StoredAt = at, ExpiresAt = at.AddDays(1),
        });
        await db.SaveChangesAsync();
        return call;
    }

    /// <summary>The partitions in which a call, its entry, its attempt and its content stand, without the tables' names.</summary>
    protected async Task<string> WhereAsync(Call call)
    {
        var places = new List<string>();
        foreach (var (table, column) in Tables)
            places.AddRange(await RowsAsync($"""SELECT substr(tableoid::regclass::text, length('"{table}_') + 1) FROM "{table}" WHERE "{column}" = '{call.Id}'"""));
        Assert.Equal(Tables.Length, places.Count);
        return Assert.Single(places.Distinct()).Trim('"');
    }

    protected async Task AssertProvenAsync() => Assert.Empty((await Process.Get<LedgerProof>().ProveAsync(Tenant.Id, default)).Differences);

    /// <summary>The first column of each row of what a statement gives.</summary>
    protected async Task<IReadOnlyList<string>> RowsAsync(string statement)
    {
        await using var db = Process.Database.AcrossOrganizations();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = statement;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }
}
