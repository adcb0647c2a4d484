using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class InterruptedCallsJobTests : ProductTest
{
    private InterruptedCallsJob Job => Get<InterruptedCallsJob>();

    [Fact]
    public async Task RunAsync_OpenCallOfALivingProcess_IsLeftAlone()
    {
        await Get<CallLedger>().OpenAsync(Tenant.Call(Clock.GetUtcNow(), Get<ProcessRegistry>().InstanceId));
        Clock.Advance(new ProcessOptions().DeadAfter);
        await Job.RunAsync(default);
        Assert.Empty(await RowsAsync<LedgerEntry>());
    }

    [Fact]
    public async Task RunAsync_ProcessNotSeenForTooLong_ClosesItsCallsAtAnEstimate()
    {
        var call = Tenant.Call(Clock.GetUtcNow(), Get<ProcessRegistry>().InstanceId);
        await Get<CallLedger>().OpenAsync(call);
        Clock.Advance(new ProcessOptions().DeadAfter + TimeSpan.FromMicroseconds(1));
        await Job.RunAsync(default);
        await Job.RunAsync(default);
        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.Equal((CallOutcome.Interrupted, Provenance.Estimated, "process_died"), (entry.Outcome, entry.Provenance, entry.ErrorCode));
        Assert.Equal((call.PromptBytes / 4, call.MaxOutputTokens!.Value), (entry.InputTokens, entry.OutputTokens));
        Assert.True(entry.CostNanoUsd > 0);
        Assert.Equal(call.Day, entry.Day);
    }

    [Fact]
    public async Task RunAsync_ProcessDiedSinceTheLastRun_ClosesItsCalls()
    {
        var registry = Get<ProcessRegistry>();
        await Get<CallLedger>().OpenAsync(Tenant.Call(Clock.GetUtcNow(), registry.InstanceId));
        await Job.RunAsync(default);
        Assert.Empty(await RowsAsync<LedgerEntry>());
        Clock.Advance(new ProcessOptions().DeadAfter + TimeSpan.FromMicroseconds(1));
        await Job.RunAsync(default);
        Assert.Single(await RowsAsync<LedgerEntry>());

        // It was not dead, lived for a while, and died then.
        await registry.RunAsync(default);
        await Get<CallLedger>().OpenAsync(Tenant.Call(Clock.GetUtcNow(), registry.InstanceId));
        Clock.Advance(new ProcessOptions().DeadAfter + TimeSpan.FromMicroseconds(1));
        await Job.RunAsync(default);
        Assert.Equal(2, (await RowsAsync<LedgerEntry>()).Count);
    }

    [Fact]
    public async Task RunAsync_OpenForTooLongInALivingProcess_IsClosedWithinTheHour()
    {
        var registry = Get<ProcessRegistry>();
        await Job.RunAsync(default);
        await Get<CallLedger>().OpenAsync(Tenant.Call(Clock.GetUtcNow(), registry.InstanceId));
        Clock.Advance(new ProxyOptions().LongestCall + TimeSpan.FromMicroseconds(1));
        await registry.RunAsync(default);
        await Job.RunAsync(default);
        Assert.Single(await RowsAsync<LedgerEntry>());
    }

    [Fact]
    public async Task RunAsync_MoreThanABatch_ClosesAll()
    {
        const int count = 501;
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Get<CallLedger>().OpenAsync(Tenant.Call(Clock.GetUtcNow().AddMilliseconds(i)))));
        await Job.RunAsync(default);
        Assert.Equal(count, (await RowsAsync<LedgerEntry>()).Count);
    }

    [Fact]
    public async Task RunAsync_FinishedCallOfADeadProcess_IsLeftAlone()
    {
        var call = Tenant.Call(Clock.GetUtcNow());
        await Get<CallLedger>().OpenAsync(call);
        await Get<CallLedger>().SettleAsync(call, call.Result());
        await Job.RunAsync(default);
        Assert.Equal(CallOutcome.Succeeded, Assert.Single(await RowsAsync<LedgerEntry>()).Outcome);
    }
}
