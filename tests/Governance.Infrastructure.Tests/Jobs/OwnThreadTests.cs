using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.Tests.Jobs;

public sealed class OwnThreadTests
{
    [Fact]
    public async Task RunAsync_WhateverIsAwaited_GoesOnOnTheOneThread()
    {
        var seen = new List<(int Id, string? Name, bool FromPool)>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = OwnThread.RunAsync("the-own", async () =>
        {
            See();
            await Task.Yield();
            See();
            await gate.Task;
            See();
            await Task.Run(() => { });
            See();
        });
        gate.SetResult();
        await running;
        Assert.Equal(4, seen.Count);
        Assert.Equal(("the-own", false), (Assert.Single(seen.Distinct()).Name, seen[0].FromPool));

        void See() => seen.Add((Environment.CurrentManagedThreadId, Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread));
    }

    [Fact]
    public async Task RunAsync_WorkFails_FailsAsTheWorkDid()
    {
        var failure = new InvalidOperationException("The work failed.");
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => OwnThread.RunAsync("fails", async () =>
        {
            await Task.Yield();
            throw failure;
        })));
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => OwnThread.RunAsync("fails-at-once", () => throw failure)));
    }

    [Fact]
    public async Task Post_AfterTheWorkHasEnded_IsNotLost()
    {
        SynchronizationContext? context = null;
        await OwnThread.RunAsync("ended", () =>
        {
            context = SynchronizationContext.Current;
            return Task.CompletedTask;
        });
        var late = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        context!.Post(_ => late.SetResult(Thread.CurrentThread.IsThreadPoolThread), null);
        Assert.True(await late.Task.WaitAsync(Eventually.Bound));
    }
}
