using System.Collections.Concurrent;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Jobs;

public sealed class WorkQueueTests : ProductTest
{
    private readonly Handler _handler = new();

    private WorkQueue Queue => Get<WorkQueue>();

    protected override Task<ProductProcess> NewProcessAsync() => StartAsync(new FakeTime());

    [Fact]
    public async Task RunAsync_DueWork_IsDoneAndRemoved()
    {
        await AddAsync(3);
        await Queue.RunAsync(default);
        Assert.Equal(3, _handler.Done.Count);
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Fact]
    public async Task RunAsync_MoreThanABatch_DoesAllEachOnce()
    {
        var ids = await AddAsync(130);
        await Queue.RunAsync(default);
        Assert.Equal(ids.Order(), _handler.Done.Order());
    }

    [Fact]
    public async Task RunAsync_Failure_IsTriedAgainAfterADoublingWaitThenQuarantined()
    {
        await AddAsync(1);
        _handler.Fails = true;
        TimeSpan[] waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)];
        for (var attempt = 1; attempt <= 12; attempt++)
        {
            await Queue.RunAsync(default);
            var item = Assert.Single(await RowsAsync<WorkItem>());
            Assert.Equal((attempt, "It fails.", null), (item.Attempts, item.LastError, item.LockedUntil));
            Assert.Equal(attempt == 12, item.QuarantinedAt is not null);
            Assert.Equal(attempt == 12 ? WorkState.Quarantined : WorkState.Waiting, item.State);
            Assert.Equal(Math.Min(attempt, WorkItem.MaxHistory), item.History.Count);
            if (attempt <= waits.Length) Assert.Equal(waits[attempt - 1], item.DueAt - Clock.GetUtcNow());
            Clock.Advance(item.DueAt - Clock.GetUtcNow() - TimeSpan.FromMicroseconds(1));
            await Queue.RunAsync(default); // too early
            Assert.Equal(attempt, _handler.Attempts);
            Clock.Advance(TimeSpan.FromMicroseconds(1));
        }

        Clock.Advance(TimeSpan.FromDays(1));
        await Queue.RunAsync(default);
        Assert.Equal(12, _handler.Attempts);
    }

    [Fact]
    public async Task RunAsync_FailingItem_DoesNotHoldUpOthers()
    {
        var ids = await AddAsync(5);
        _handler.FailsOn = ids[0];
        await Queue.RunAsync(default);
        Assert.Equal(ids[1..].Order(), _handler.Done.Order());
    }

    [Fact]
    public async Task RunAsync_UnknownKind_WaitsForAProcessThatKnowsIt()
    {
        await AddAsync(1, kind: "tomorrow");
        await Queue.RunAsync(default);
        Assert.Contains("tomorrow", Assert.Single(await RowsAsync<WorkItem>()).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProcessDiesWhileWorking_AnotherTakesOverOnceTheLockExpires()
    {
        await AddAsync(1);
        await using var second = await StartAsync(Clock);
        await Get<ProcessRegistry>().RunAsync(default); // A file has one process: a second one takes the first for dead when it starts.
        using var dying = new CancellationTokenSource();
        _handler.Hangs = true;
        var lost = Queue.RunAsync(dying.Token);
        await _handler.Reached.WaitAsync(Eventually.Bound);
        await dying.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);
        _handler.Hangs = false;

        await second.Get<WorkQueue>().RunAsync(default);
        Assert.Empty(_handler.Done);
        Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromMicroseconds(1));
        await second.Get<WorkQueue>().RunAsync(default);
        Assert.Single(_handler.Done);
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Fact]
    public async Task RunAsync_ProcessIsKnownToBeDead_ItsLockCountsForNothing()
    {
        await AddAsync(1);
        using var dying = new CancellationTokenSource();
        _handler.Hangs = true;
        var lost = Queue.RunAsync(dying.Token);
        await _handler.Reached.WaitAsync(Eventually.Bound);
        await dying.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);
        _handler.Hangs = false;

        Clock.Advance(new ProcessOptions().DeadAfter + TimeSpan.FromSeconds(1));
        await using var second = await StartAsync(Clock);
        await second.Get<WorkQueue>().RunAsync(default);
        Assert.Single(_handler.Done);
    }

    [Fact]
    public async Task RunAsync_TwoProcessesAtOnce_EachItemIsDoneOnce()
    {
        var ids = await AddAsync(TestScale.Cases(60, 2_000));
        await using var second = await StartAsync(Clock);
        await Get<ProcessRegistry>().RunAsync(default); // A file has one process: a second one takes the first for dead when it starts.
        await Task.WhenAll(Task.Run(() => Queue.RunAsync(default)), Task.Run(() => second.Get<WorkQueue>().RunAsync(default)));
        Assert.Equal(ids.Order(), _handler.Done.Order());
    }

    private Task<ProductProcess> StartAsync(FakeTime time) =>
        new ProductProcess(Database, time, configure: services => services.AddSingleton<IWorkHandler>(_handler)).StartAsync();

    private async Task<List<Guid>> AddAsync(int count, string kind = "test")
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var now = Clock.GetUtcNow();
        var items = Enumerable.Range(0, count).Select(_ => new WorkItem
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = Tenant.Id,
            Kind = kind,
            Payload = "{}",
            CreatedAt = now,
            DueAt = now,
        }).ToList();
        db.WorkItems.AddRange(items);
        await db.SaveChangesAsync();
        return [.. items.Select(item => item.Id)];
    }

    private sealed class Handler : IWorkHandler
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Kind => "test";

        public bool Fails { get; set; }

        public Guid? FailsOn { get; set; }

        public bool Hangs { get; set; }

        private int _attempts;

        public int Attempts => _attempts;

        public ConcurrentQueue<Guid> Done { get; } = new();

        public Task Reached => _reached.Task;

        public async Task HandleAsync(WorkItem item, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _attempts);
            if (Fails || FailsOn == item.Id) throw new InvalidOperationException("It fails.");
            if (Hangs)
            {
                _reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            Done.Enqueue(item.Id);
        }
    }
}
