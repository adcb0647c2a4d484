using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Audit;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Governance.Infrastructure.Tests.Data;

/// <summary>On PostgreSQL the product runs with a role that can do all its work and change nothing of the audit log.</summary>
public sealed class RunningRightsTests : IAsyncLifetime
{
    private const string Role = "governance \"running\""; // A name that has to be quoted.
    private static readonly bool OnSqlite = TestDatabase.DefaultProvider == DatabaseProvider.Sqlite;

    private TestDatabase _database = null!;
    private ProductProcess _process = null!;

    public async ValueTask InitializeAsync()
    {
        if (OnSqlite) return;
        _database = await TestDatabase.CreateAsync();
        await using (var owner = _database.Database.AsOwner())
        {
            // Roles belong to the cluster, which the tests of this class share.
            var role = Role.Replace("\"", "\"\"", StringComparison.Ordinal);
            var create = $"DO $$ BEGIN CREATE ROLE \"{role}\" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
            await owner.Database.ExecuteSqlRawAsync(create);
        }

        _process = await new ProductProcess(_database, settings: new Dictionary<string, string?>
        {
            ["ConnectionStrings:Owner"] = _database.ConnectionString,
            ["ConnectionStrings:Governance"] = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = Role }.ConnectionString,
        }).StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (OnSqlite) return;
        await _process.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Product_WithTheRunningRole_DoesAllItsWork()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no roles.");
        var tenant = await Tenant.CreateAsync(_process.Services);
        var officer = await tenant.AddPersonAsync(_process.Services, "officer@example.test", "a long enough password", Roles.ComplianceOfficer);
        await tenant.AddPersonAsync(_process.Services, "admin@example.test", "a long enough password");
        var person = (await tenant.AddPersonAsync(_process.Services, "zoe@example.test", "a long enough password")).Id;
        var call = tenant.Call(_process.Clock.GetUtcNow());
        await _process.Get<CallLedger>().OpenAsync(call);
        await _process.Get<CallLedger>().SettleAsync(call, call.Result());
        _process.Clock.Advance(TimeSpan.FromMinutes(2));
        await _process.Get<AuditHeartbeat>().RunAsync(default);
        (await _process.Get<PersonLifecycleService>().DisableAsync(tenant.Admin, person, default)).Required();
        (await _process.Get<PersonErasureService>().EraseAsync(await tenant.SignedInAsync(_process.Services, officer), person, "Their request", default)).Required();

        var plan = (await _process.Get<AuditExport>().PlanAsync(tenant.Admin, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default)).Required();
        using var folder = new TempFolder();
        await using (var file = File.Create(folder.PathOf("export.zip"))) await _process.Get<AuditExport>().WriteAsync(plan, file, null, default);
        (await AuditVerifier.RunAsync(folder.PathOf("export.zip"))).MustPass();
        await using var db = _process.Database.AcrossOrganizations();
        Assert.Equal(Role, await db.Database.SqlQuery<string>($"SELECT current_user::text AS \"Value\"").SingleAsync());
    }

    [Fact]
    public async Task Statements_ThatWouldChangeTheLogOrUndoItsGuards_AreDeniedToTheRunningRole()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no roles.");
        foreach (var table in AppendOnlyGuards.AuditTables)
        {
            await DeniedAsync($"UPDATE \"{table}\" SET \"{ColumnOf(table)}\" = NULL", "permission denied for table");
            await DeniedAsync($"DELETE FROM \"{table}\"", "permission denied for table");
            await DeniedAsync($"TRUNCATE \"{table}\" CASCADE", "permission denied for table");
            await DeniedAsync($"DROP TRIGGER \"{table}_append_only\" ON \"{table}\"", "must be owner of");
            await DeniedAsync($"ALTER TABLE \"{table}\" DISABLE TRIGGER ALL", "must be owner of");
            await DeniedAsync($"ALTER TABLE \"{table}\" DROP COLUMN \"{ColumnOf(table)}\"", "must be owner of");
            await DeniedAsync($"DROP TABLE \"{table}\" CASCADE", "must be owner of");
            await DeniedAsync($"CREATE TRIGGER mine BEFORE INSERT ON \"{table}\" FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only()", "permission denied for table");
        }

        await DeniedAsync("CREATE OR REPLACE FUNCTION governance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$", "permission denied for schema");
        await DeniedAsync("ALTER FUNCTION governance_append_only() RENAME TO another", "must be owner of function");
        await DeniedAsync("SET session_replication_role = replica", "permission denied to set parameter");
        await DeniedAsync("SET ROLE governance", "permission denied to set role");
        await DeniedAsync("CREATE TABLE mine (id int)", "permission denied for schema");
        await DeniedAsync("DELETE FROM \"__EFMigrationsHistory\"", "permission denied for table");
    }

    private async Task DeniedAsync(string statement, string refusal)
    {
        await using var db = _process.Database.AcrossOrganizations();
        var denied = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(statement));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
        Assert.StartsWith(refusal, denied.MessageText, StringComparison.Ordinal); // Of the role, not of the trigger that comes after it.
    }

    private string ColumnOf(string table)
    {
        using var db = _process.Database.AcrossOrganizations();
        return db.Model.GetEntityTypes().Single(type => type.GetTableName() == table).GetProperties().Last(property => !property.IsKey()).GetColumnName();
    }
}
