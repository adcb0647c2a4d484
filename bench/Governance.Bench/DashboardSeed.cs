using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Governance.Bench;

/// <summary>
/// A year of an organisation: 50 teams, 200 applications, 2,000 keys of which some call far more than others and each some of 30 models,
/// and 1,000 people for whom half of the applications call, a few by each key. Of the calls there are only the entries: nothing that is measured
/// reads the calls themselves. On PostgreSQL it takes a superuser to leave them out.
/// </summary>
internal sealed class DashboardSeed(AuditedProduct product)
{
    private const int Teams = 50, Applications = 200, Keys = 2000, People = 1000, Models = 30, Batch = 20_000;

    private static readonly string[] Providers = ["openai", "anthropic", "google", "mistral", "bedrock"];

    private readonly Random _random = new(7);
    private readonly Guid[] _teams = Ids(Teams), _applications = Ids(Applications), _keys = Ids(Keys);
    private readonly List<Guid> _people = [];

    public async Task FillAsync(int calls, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await NamesAsync(from, cancellation);
        await using var db = product.Database.ForOrganization(product.OrganizationId);
        var zone = (await db.Organizations.SingleAsync(cancellation)).Zone;
        await db.Database.OpenConnectionAsync(cancellation);
        var sqlite = product.Database.Provider == DatabaseProvider.Sqlite;
        await db.Database.ExecuteSqlRawAsync(
            sqlite ? "PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA foreign_keys=OFF" : "SET session_replication_role = replica; SET synchronous_commit = off", cancellation);
        for (var done = 0; done < calls; done += Batch)
        {
            var rows = new LedgerRows();
            for (var i = done; i < Math.Min(done + Batch, calls); i++) Add(rows, from + ((to - from) * ((double)i / calls)), zone);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            if (sqlite) await product.Get<LedgerDatabase>().WriteAsync(db, rows);
            else await BulkRows.InsertAsync(db, rows.Entries, null, cancellation);
            await transaction.CommitAsync(cancellation);
        }
    }

    private async Task NamesAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        for (var person = 0; person < People; person++)
            _people.Add(await product.Get<SubjectDirectory>().ResolveAsync(product.OrganizationId, $"employee-{person:0000}", cancellation));
        await using var db = product.Database.ForOrganization(product.OrganizationId);
        for (var i = 0; i < Teams; i++) db.Teams.Add(new Team { Id = _teams[i], OrganizationId = product.OrganizationId, Name = $"Team {i}", CreatedAt = at });
        for (var i = 0; i < Applications; i++)
            db.Applications.Add(new Application { Id = _applications[i], OrganizationId = product.OrganizationId, TeamId = _teams[i % Teams], Name = $"Application {i}", CreatedAt = at });
        for (var i = 0; i < Keys; i++)
        {
            db.VirtualKeys.Add(new VirtualKey
            {
                Id = _keys[i],
                OrganizationId = product.OrganizationId,
                ApplicationId = _applications[i % Applications],
                Name = $"Key {i}",
                Environment = "production",
                DataClass = "internal",
                Scopes = ["chat"],
                CreatedAt = at,
            });
        }

        await db.SaveChangesAsync(cancellation);
    }

    private void Add(LedgerRows rows, DateTimeOffset at, ReportingZone zone)
    {
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        var key = (int)(Math.Pow(_random.NextDouble(), 2) * Keys);
        var application = key % Applications;
        var model = (int)(Math.Pow((key * 7919 + (_random.Next(1 + (key % 3)) * 104_729)) % 1000 / 1000.0, 2) * Models);
        Guid? person = application % 2 == 0 ? _people[(key * 31 + _random.Next(1 + (key % 6))) % People] : null;
        var (provider, name) = (Providers[model % Providers.Length], $"model-{model}");
        var local = zone.ToLocal(at);
        var outcome = _random.Next(50) == 0 ? CallOutcome.ProviderError : CallOutcome.Succeeded;
        rows.Entries.Add(new LedgerEntry
        {
            Id = Guid.CreateVersion7(at),
            OrganizationId = product.OrganizationId,
            CallId = Guid.CreateVersion7(at),
            Source = CallSource.Proxy,
            RecordedAt = at.AddSeconds(2),
            StartedAt = at,
            Day = DateOnly.FromDateTime(local.DateTime),
            Hour = local.Hour,
            TeamId = _teams[application % Teams],
            ApplicationId = _applications[application],
            KeyId = _keys[key],
            SubjectId = person,
            Environment = "production",
            Provider = provider,
            Connection = provider,
            Model = name,
            InputTokens = _random.Next(50, 8000),
            OutputTokens = _random.Next(5, 2000),
            BilledRequests = 1,
            CostNanoUsd = _random.Next(10_000, 90_000_000),
            Provenance = _random.Next(100) == 0 ? Provenance.Estimated : Provenance.Reported,
            Outcome = outcome,
            Status = outcome == CallOutcome.Succeeded ? 200 : 502,
            DurationMs = _random.Next(200, 9000),
            RequestCount = 1,
        });
    }

    private static Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];
}
