using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.Tests.DeadLetters;

/// <summary>Many items, several processes, kinds of different pace.</summary>
public sealed class WorkLanesTests : DeadLetterTest
{
    [Fact]
    public async Task RunAsync_SlowKind_KeepsNoOtherWaiting()
    {
        using var gate = new ManualResetEventSlim();
        DelicateWork.Fails = _ =>
        {
            gate.Wait(Eventually.Bound);
            return null;
        };
        await AddAsync(NewItem(Delicate, WorkState.Waiting, null));
        var running = Get<WorkQueue>().RunAsync(default);
        await AddAsync([.. Enumerable.Range(0, 50).Select(_ => NewItem(state: WorkState.Waiting, error: null))]);

        // The slow one holds its lane; what came after it began is done at the next look.
        await Eventually.TrueAsync(
            () =>
            {
                Clock.Advance(new WorkQueueOptions().PollInterval);
                return HarmlessWork.Done.Count == 50;
            },
            "the quick kind was done");
        Assert.Empty(DelicateWork.Done);
        Assert.False(running.IsCompleted);

        gate.Set();
        await running.WaitAsync(Eventually.Bound);
        Assert.Single(DelicateWork.Done);
    }

    [Fact]
    public async Task RunAsync_ThreeProcessesRace_NoItemIsDoneTwice()
    {
        await AddManyAsync(TestScale.Cases(2_000, 50_000));
        await Get<Infrastructure.DeadLetters.DeadLetterBulkService>().RetryAsync(Tenant.Admin, new Infrastructure.DeadLetters.DeadLetterFilter(), default);
        await Get<Infrastructure.DeadLetters.DeadLetterBulkJob>().RunAsync(default);
        await using var second = await StartAsync(Clock);
        await using var third = await StartAsync(Clock);
        await BeatAsync();
        await second.Get<ProcessRegistry>().RunAsync(default);

        await Task.WhenAll(
            Task.Run(WorkAsync), Task.Run(() => second.Get<WorkQueue>().RunAsync(default)), Task.Run(() => third.Get<WorkQueue>().RunAsync(default)));

        Assert.Equal(HarmlessWork.Done.Count, HarmlessWork.Done.Select(done => done.Id).Distinct().Count());
        Assert.Equal(TestScale.Cases(2_000, 50_000), HarmlessWork.Done.Count);
        Assert.Empty(await RowsAsync<WorkItem>());
    }
}
