using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Testing.Audit;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

/// <summary>A process with anchors and a log to deposit.</summary>
public abstract class AnchorTest : ProductTest
{
    private int _grown;

    /// <summary>A folder outside the data directory.</summary>
    protected TempFolder Place { get; } = new();

    protected string LogFolder => Place.PathOf(Tenant.Id.ToString("n"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Place.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<Dictionary<string, string?>> SettingsAsync();

    /// <summary>Its clock begins now: the verifier in Node, which has no other, refuses what is of the future.</summary>
    protected override async Task<ProductProcess> NewProcessAsync()
    {
        var now = TimeProvider.System.GetUtcNow().AddDays(-10);
        return await new ProductProcess(Database, new FakeTime(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond))), await SettingsAsync()).StartAsync();
    }

    /// <summary>Lets the log grow, and signs it.</summary>
    protected async Task<AuditCheckpoint> GrowAsync(int events = 3)
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        for (var i = 0; i < events; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Get<AuditTrail>().Record(db, Tenant.Admin, "team.renamed", "team", $"team_{_grown++}", new { i });
        }

        await db.SaveChangesAsync();
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        return (await db.LastCheckpointAsync(default))!;
    }

    internal Task RunJobAsync() => Get<AuditAnchorJob>().RunAsync(default);

    /// <summary>The job after a time.</summary>
    internal Task RunAfterAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return RunJobAsync();
    }

    protected async Task<AuditAnchorState> StateAsync() => Assert.Single(await RowsAsync<AuditAnchorState>());

    /// <summary>What the log says about anchors.</summary>
    protected async Task<IReadOnlyList<RecordedEvent>> AnchorEventsAsync() =>
        [.. (await EventsAsync()).Where(entry => entry.Action.StartsWith("audit.anchor_", StringComparison.Ordinal))];
}
