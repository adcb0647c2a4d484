using System.Threading.Channels;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Jobs;

/// <summary>Two processes of which the first works longer on an item than its lock lasts, so that the second has it by then.</summary>
public sealed class WorkQueueLockTests : ProductTest
{
    private readonly Handler _handler = new();

    protected override Task<ProductProcess> NewProcessAsync() => StartAsync(new FakeTime());

    [Fact]
    public async Task RunAsync_FailsAfterItsLockWasTaken_LeavesTheItemToWhoeverHoldsIt()
    {
        await using var second = await StartAsync(Clock);
        var (slow, first, taken, other) = await OvertakeAsync(second);

        first.SetException(new InvalidOperationException("It fails late."));
        await slow.WaitAsync(Eventually.Bound);
        var item = Assert.Single(await RowsAsync<WorkItem>());
        Assert.Equal((0, null, Clock.GetUtcNow() + TimeSpan.FromMinutes(5)), (item.Attempts, item.LastError, item.LockedUntil));
        Assert.True(Process.Logs.Contains(2007));

        other.SetResult();
        await taken.WaitAsync(Eventually.Bound);
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Fact]
    public async Task RunAsync_SucceedsAfterItsLockWasTaken_LeavesTheItemToWhoeverHoldsIt()
    {
        await using var second = await StartAsync(Clock);
        var (slow, first, taken, other) = await OvertakeAsync(second);

        first.SetResult();
        await slow.WaitAsync(Eventually.Bound);
        Assert.NotNull(Assert.Single(await RowsAsync<WorkItem>()).LockedUntil);

        other.SetException(new InvalidOperationException("It fails."));
        await taken.WaitAsync(Eventually.Bound);
        var item = Assert.Single(await RowsAsync<WorkItem>());
        Assert.Equal((1, "It fails.", null), (item.Attempts, item.LastError, item.LockedUntil));
    }

    [Fact]
    public async Task RunAsync_LockOverButNobodyElseHasIt_IsDoneAndRemoved()
    {
        await AddAsync();
        var running = Get<WorkQueue>().RunAsync(default);
        var attempt = await _handler.NextAsync();
        Clock.Advance(TimeSpan.FromHours(1));
        attempt.SetResult();
        await running.WaitAsync(Eventually.Bound);
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Fact]
    public async Task RunAsync_ClaimedTogetherWithASlowOne_IsNobodyElsesMeanwhile()
    {
        await AddAsync();
        await AddAsync();
        await using var second = await StartAsync(Clock);
        await Get<ProcessRegistry>().RunAsync(default); // A file has one process: a second one takes the first for dead when it starts.
        var slow = Get<WorkQueue>().RunAsync(default); // takes both at once
        var (first, other) = (await _handler.NextAsync(), await _handler.NextAsync());
        await second.Get<WorkQueue>().RunAsync(default).WaitAsync(Eventually.Bound); // finds nothing

        other.SetException(new InvalidOperationException("It fails."));
        first.SetResult();
        await slow.WaitAsync(Eventually.Bound);
        var item = Assert.Single(await RowsAsync<WorkItem>());
        Assert.Equal((1, Clock.GetUtcNow() + new WorkQueueOptions().FirstRetry), (item.Attempts, item.DueAt));
    }

    [Fact]
    public async Task RunAsync_LockHalfOverBeforeAnItemsTurn_IsGivenBackUntouched()
    {
        for (var i = 0; i < new WorkQueueOptions().AtOnce; i++) await AddAsync(); // proves to be quick, so that the next claim is larger
        for (var i = 0; i < 6; i++) await AddAsync();
        var running = Get<WorkQueue>().RunAsync(default);
        for (var i = 0; i < new WorkQueueOptions().AtOnce; i++) (await _handler.NextAsync()).SetResult();
        var slow = new List<TaskCompletionSource>();
        for (var i = 0; i < new WorkQueueOptions().AtOnce; i++) slow.Add(await _handler.NextAsync());
        Clock.Advance((WorkClaims.Lock / 2) + TimeSpan.FromSeconds(1));
        slow.ForEach(attempt => attempt.SetResult());
        await running.WaitAsync(Eventually.Bound);

        Assert.All(await RowsAsync<WorkItem>(), item => Assert.Equal((0, null), (item.Attempts, item.LockedUntil)));
        Assert.Equal(2, (await RowsAsync<WorkItem>()).Count);
    }

    private async Task<(Task Slow, TaskCompletionSource First, Task Taken, TaskCompletionSource Other)> OvertakeAsync(ProductProcess second)
    {
        await AddAsync();
        var slow = Get<WorkQueue>().RunAsync(default);
        var first = await _handler.NextAsync();
        Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromMicroseconds(1));
        foreach (var process in new[] { Process, second }) await process.Get<ProcessRegistry>().RunAsync(default); // Both live.
        var taken = second.Get<WorkQueue>().RunAsync(default);
        return (slow, first, taken, await _handler.NextAsync());
    }

    /// <summary>A run looks for what falls due at its interval, too; here it must not see what it has just given back.</summary>
    private Task<ProductProcess> StartAsync(FakeTime time) =>
        new ProductProcess(Database, time, new Dictionary<string, string?> { ["WorkQueue:PollInterval"] = "00:10:00" }, configure: services => services.AddSingleton<IWorkHandler>(_handler)).StartAsync();

    private async Task AddAsync()
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var now = Clock.GetUtcNow();
        db.WorkItems.Add(new WorkItem
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = Tenant.Id,
            Kind = _handler.Kind,
            Payload = "{}",
            CreatedAt = now,
            DueAt = now,
        });
        await db.SaveChangesAsync();
    }

    /// <summary>Each attempt ends as the test says.</summary>
    private sealed class Handler : IWorkHandler
    {
        private readonly Channel<TaskCompletionSource> _attempts = Channel.CreateUnbounded<TaskCompletionSource>();

        public string Kind => "test";

        public async Task<TaskCompletionSource> NextAsync() => await _attempts.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Bound);

        public Task HandleAsync(WorkItem item, CancellationToken cancellation)
        {
            var attempt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _attempts.Writer.TryWrite(attempt);
            return attempt.Task.WaitAsync(cancellation);
        }
    }
}
