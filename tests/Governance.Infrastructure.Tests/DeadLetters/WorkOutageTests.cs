using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.Tests.DeadLetters;

public sealed class WorkOutageTests : DeadLetterTest
{
    [Fact]
    public async Task RunAsync_DatabaseGoneWhileItWorks_LosesNothingAndGoesOnUnderTheSameIds()
    {
        var items = Enumerable.Range(0, 20).Select(_ => NewItem(state: WorkState.Waiting, error: null)).ToList();
        await AddAsync(items);
        using var gate = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HarmlessWork.Fails = _ =>
        {
            reached.TrySetResult();
            gate.Wait(Eventually.Bound);
            return null;
        };
        var running = Get<WorkQueue>().RunAsync(default);
        await reached.Task.WaitAsync(Eventually.Bound);

        await using (await Database.TakeAwayAsync())
        {
            gate.Set();
            await Assert.ThrowsAnyAsync<Exception>(() => running.WaitAsync(Eventually.Bound)); // What it did it could not write down.
        }

        await WorkAsync();
        Assert.Empty(await RowsAsync<WorkItem>());
        Assert.Equal(items.Select(item => item.Id).Order(), HarmlessWork.Done.Select(done => done.Id).Distinct().Order());
    }
}
