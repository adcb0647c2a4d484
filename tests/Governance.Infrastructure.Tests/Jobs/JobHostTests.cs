using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Governance.Infrastructure.Tests.Jobs;

public sealed class JobHostTests : ProductTest
{
    private static readonly TimeSpan DeadAfter = new ProcessOptions().DeadAfter + TimeSpan.FromMicroseconds(1);

    private readonly Job _job = new();

    [Fact]
    public async Task RunOnceAsync_TwoProcesses_OneRuns()
    {
        await using var second = await SecondAsync();
        var secondJob = new Job();
        for (var turn = 0; turn < 5; turn++)
        {
            await Task.WhenAll(
                Task.Run(() => HostOf(Process).RunOnceAsync(_job, default)), Task.Run(() => HostOf(second).RunOnceAsync(secondJob, default)));
        }

        var state = Assert.Single(await RowsAsync<JobState>(), state => state.Name == _job.Name);
        var firstHolds = state.Holder == Process.Get<ProcessRegistry>().InstanceId;
        Assert.Equal(firstHolds ? (5, 0) : (0, 5), (_job.Runs, secondJob.Runs));
        Assert.Equal(Clock.GetUtcNow(), state.LastSucceededAt);
    }

    [Fact]
    public async Task RunOnceAsync_HolderDead_AnotherTakesOverAtOnce()
    {
        await using var second = await SecondAsync();
        await HostOf(Process).RunOnceAsync(_job, default);
        await HostOf(second).RunOnceAsync(_job, default);
        Assert.Equal(1, _job.Runs);

        Clock.Advance(DeadAfter);
        await second.Get<ProcessRegistry>().RunAsync(default); // the first one says nothing any more
        await HostOf(second).RunOnceAsync(_job, default);
        Assert.Equal(2, _job.Runs);
    }

    [Fact]
    public async Task RunOnceAsync_HolderAliveButStuck_AnotherTakesOverOnceTheLeaseIsOver()
    {
        await using var second = await SecondAsync();
        await HostOf(Process).RunOnceAsync(_job, default);
        foreach (var (wait, runs) in new[] { (JobHost.Lease, 1), (TimeSpan.FromMicroseconds(1), 2) })
        {
            Clock.Advance(wait);
            await Process.Get<ProcessRegistry>().RunAsync(default);
            await second.Get<ProcessRegistry>().RunAsync(default);
            await HostOf(second).RunOnceAsync(_job, default);
            Assert.Equal(runs, _job.Runs);
        }
    }

    [Fact]
    public async Task RunOnceAsync_Failure_IsRecordedAndDoesNotEscape()
    {
        _job.Fails = true;
        await HostOf(Process).RunOnceAsync(_job, default);
        var state = Assert.Single(await RowsAsync<JobState>(), state => state.Name == _job.Name);
        Assert.Equal(("It fails.", Clock.GetUtcNow()), (state.LastError, state.LastFailedAt));
        Assert.True(Process.Logs.Contains(2001));

        _job.Fails = false;
        await HostOf(Process).RunOnceAsync(_job, default);
        Assert.Equal(Clock.GetUtcNow(), Assert.Single(await RowsAsync<JobState>(), state => state.Name == _job.Name).LastSucceededAt);
    }

    [Fact]
    public async Task RunOnceAsync_DatabaseGone_DoesNotEscape()
    {
        await using (await Database.TakeAwayAsync()) await HostOf(Process).RunOnceAsync(_job, default);
        Assert.Equal(0, _job.Runs);
        await HostOf(Process).RunOnceAsync(_job, default);
        Assert.Equal(1, _job.Runs);
    }

    [Fact]
    public async Task StartAsync_Interval_RunsTheJobAgainAndAgain()
    {
        _job.Scope = JobScope.EveryProcess;
        await using var process = await new ProductProcess(Database, Clock, configure: services => services.AddSingleton<IJob>(_job)).StartAsync();
        var host = HostOf(process);
        await host.StartAsync(default);
        for (var run = 1; run <= 3; run++)
        {
            var expected = run;
            await Eventually.TrueAsync(
                () =>
                {
                    if (_job.Runs < expected) Clock.Advance(_job.Interval);
                    return _job.Runs >= expected;
                },
                "the job ran again");
        }

        await host.StopAsync(default);
    }

    [Fact]
    public async Task RunOnceAsync_LongerThanTheLease_KeepsItWhileItRuns()
    {
        await using var second = await SecondAsync();
        _job.Hangs = true;
        var running = HostOf(Process).RunOnceAsync(_job, default);
        await _job.Reached.WaitAsync(Eventually.Bound);
        for (var passed = TimeSpan.Zero; passed < 2 * JobHost.Lease; passed += JobHost.Renewal)
        {
            Clock.Advance(JobHost.Renewal);
            await Eventually.TrueAsync(async () => (await StateAsync()).LeasedUntil == Clock.GetUtcNow() + JobHost.Lease, "the lease was renewed");
            await Process.Get<ProcessRegistry>().RunAsync(default);
            await second.Get<ProcessRegistry>().RunAsync(default);
            await HostOf(second).RunOnceAsync(_job, default);
            Assert.Equal(1, _job.Runs);
        }

        _job.Release();
        await running.WaitAsync(Eventually.Bound);
        Assert.Equal(Clock.GetUtcNow(), (await StateAsync()).LastSucceededAt);
        Assert.Equal(0, Clock.PendingTimers);
    }

    [Fact]
    public async Task RunOnceAsync_LeaseTakenByAnother_EndsTheRun()
    {
        _job.Hangs = true;
        var running = HostOf(Process).RunOnceAsync(_job, default);
        await _job.Reached.WaitAsync(Eventually.Bound);
        var other = Guid.CreateVersion7(Clock.GetUtcNow());
        await QueryAsync(db => db.Jobs.Where(row => row.Name == _job.Name).ExecuteUpdateAsync(set => set.SetProperty(row => row.Holder, other)));

        Clock.Advance(JobHost.Renewal);
        await running.WaitAsync(Eventually.Bound);
        Assert.True(Process.Logs.Contains(2005));
        var state = await StateAsync();
        Assert.Equal((other, null, null), (state.Holder, state.LastFailedAt, state.LastSucceededAt));
    }

    [Fact]
    public async Task RunOnceAsync_DatabaseGoneUntilTheLeaseIsOver_EndsTheRun()
    {
        _job.Hangs = true;
        var running = HostOf(Process).RunOnceAsync(_job, default);
        await _job.Reached.WaitAsync(Eventually.Bound);
        await using (await Database.TakeAwayAsync())
        {
            Clock.Advance(JobHost.Renewal);
            await Eventually.TrueAsync(() => Process.Logs.Contains(2006), "the renewal failed");
            Assert.False(running.IsCompleted);
            await Eventually.TrueAsync(
                () =>
                {
                    if (!running.IsCompleted) Clock.Advance(JobHost.Renewal);
                    return running.IsCompleted;
                },
                "the run ended");
        }

        Assert.True(Process.Logs.Contains(2005));
    }

    private Task<JobState> StateAsync() => QueryAsync(db => db.Jobs.AsNoTracking().SingleAsync(row => row.Name == _job.Name));

    /// <summary>A second process on the same database, both of them alive. (On SQLite a process that starts takes all others for dead.)</summary>
    private async Task<ProductProcess> SecondAsync()
    {
        var second = await new ProductProcess(Database, Clock).StartAsync();
        await Process.Get<ProcessRegistry>().RunAsync(default);
        return second;
    }

    private static JobHost HostOf(ProductProcess process) => process.Services.GetServices<IHostedService>().OfType<JobHost>().Single();

    private sealed class Job : IJob
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _runs;

        public string Name => "test-job";

        public TimeSpan Interval => TimeSpan.FromSeconds(30);

        public JobScope Scope { get; set; } = JobScope.OnceAcrossProcesses;

        public bool Fails { get; set; }

        public bool Hangs { get; set; }

        public int Runs => _runs;

        public Task Reached => _reached.Task;

        public void Release() => _released.SetResult();

        public Task RunAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _runs);
            _reached.TrySetResult();
            if (Hangs) return _released.Task.WaitAsync(cancellation);
            return Fails ? throw new InvalidOperationException("It fails.") : Task.CompletedTask;
        }
    }
}
