using System.Collections.Concurrent;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.DeadLetters;

/// <summary>A test with a harmless kind of work, a delicate one and one that nobody knows, and two people who manage the queue.</summary>
public abstract class DeadLetterTest : ProductTest
{
    private protected const string Harmless = "harmless";
    private protected const string Delicate = "delicate";

    private protected Handler HarmlessWork { get; } = new(Harmless, WorkTouches.Nothing);

    private protected Handler DelicateWork { get; } = new(Delicate, WorkTouches.Money);

    private protected DeadLetterQueries Queries => Get<DeadLetterQueries>();

    private protected DeadLetterService Service => Get<DeadLetterService>();

    private protected DeadLetterEditService Edits => Get<DeadLetterEditService>();

    private protected DeadLetterBulkService Bulks => Get<DeadLetterBulkService>();

    protected override Task<ProductProcess> NewProcessAsync() => StartAsync(new FakeTime());

    private protected Task<ProductProcess> StartAsync(TimeProvider time) => new ProductProcess(
        Database, time, configure: services => services.AddSingleton<IWorkHandler>(HarmlessWork).AddSingleton<IWorkHandler>(DelicateWork)).StartAsync();

    /// <summary>Somebody who may manage the queue.</summary>
    private protected async Task<Actor> ManagerAsync(string name) => Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, $"{name}@example.test", "a long enough password"));

    private protected WorkItem NewItem(string kind = Harmless, WorkState state = WorkState.Quarantined, string? error = "The receiver answered 500.", string payload = """{"n":1}""") => new()
    {
        Id = Guid.CreateVersion7(Clock.GetUtcNow()),
        OrganizationId = Tenant.Id,
        Kind = kind,
        Payload = payload,
        CreatedAt = Clock.GetUtcNow(),
        DueAt = Clock.GetUtcNow(),
        State = state,
        Attempts = state == WorkState.Waiting ? 0 : 12,
        LastError = error,
        ErrorPattern = error is null ? null : Domain.Jobs.ErrorPattern.Of(error),
        QuarantinedAt = state == WorkState.Waiting ? null : Clock.GetUtcNow(),
    };

    private protected async Task<Guid> AddAsync(params IReadOnlyList<WorkItem> items)
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        db.WorkItems.AddRange(items);
        await db.SaveChangesAsync();
        return items[0].Id;
    }

    /// <summary>Many items at once, as the database itself writes them.</summary>
    private protected Task AddManyAsync(int count, string kind = Harmless, string error = "The receiver answered 500.")
    {
        var pattern = Domain.Jobs.ErrorPattern.Of(error);
        var now = Clock.GetUtcNow();
        return QueryAsync(db => Process.Database.Provider == DatabaseProvider.Sqlite
            ? db.Database.ExecuteSqlAsync(
                $"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                INSERT INTO "WorkItems" ("Id", "OrganizationId", "Kind", "Payload", "CreatedAt", "DueAt", "State", "Attempts", "LastError", "ErrorPattern", "History", "QuarantinedAt", "Version")
                SELECT printf('%08X-0000-7000-8000-%012X', i, i), {Tenant.Id}, {kind}, '{"{}"}', {now.UtcTicks}, {now.UtcTicks}, 'Quarantined', 12, {error}, {pattern}, '[]', {now.UtcTicks}, 0 FROM n
                """)
            : db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "WorkItems" ("Id", "OrganizationId", "Kind", "Payload", "CreatedAt", "DueAt", "State", "Attempts", "LastError", "ErrorPattern", "History", "QuarantinedAt", "Version")
                SELECT (lpad(to_hex(i), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, {Tenant.Id}, {kind}, '{"{}"}', {now}, {now}, 'Quarantined', 12, {error}, {pattern}, '[]', {now}, 0
                FROM generate_series(1, {count}) AS i
                """));
    }

    private protected Task<WorkItem> ItemAsync(Guid id) => QueryAsync(db => db.WorkItems.AsNoTracking().SingleAsync(item => item.Id == id));

    /// <summary>Says that the first process lives: where a file has one process, a second that starts takes it for dead.</summary>
    private protected Task BeatAsync() => Get<ProcessRegistry>().RunAsync(default);

    private protected Task WorkAsync() => Get<WorkQueue>().RunAsync(default);

    /// <summary>Does what it is told, and takes any edit that has a number.</summary>
    private protected sealed class Handler(string kind, WorkTouches touches) : IWorkHandler
    {
        public string Kind => kind;

        public WorkTraits Traits => new(kind, touches, ShowsPayload: true, IsEditable: true);

        public ConcurrentQueue<(Guid Id, string Payload)> Done { get; } = new();

        public Func<WorkItem, Exception?> Fails { get; set; } = _ => null;

        public Result<string> CheckEdit(WorkItem item, string payload) =>
            payload.Contains("\"n\"", StringComparison.Ordinal) ? payload : Refusal.Invalid(nameof(payload), "It needs an n.");

        public Task HandleAsync(WorkItem item, CancellationToken cancellation)
        {
            if (Fails(item) is { } exception) throw exception;
            Done.Enqueue((item.Id, item.Payload));
            return Task.CompletedTask;
        }
    }
}
