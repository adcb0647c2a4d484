using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Resilience;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy.Resilience;

/// <summary>Several processes on one database.</summary>
public sealed class BreakerShareTests : ProductTest
{
    private const string Connection = "openai-eu";

    [Fact]
    public async Task RunAsync_OpenedInOneProcess_IsOpenInTheOthersAfterTheirPollAndClosesSo()
    {
        await using var other = await NewProcessAsync(Clock);
        await PollAsync(other); // It runs already when the first one opens.
        if (Database.Provider == DatabaseProvider.Sqlite) Assert.Skip("A SQLite file has one process.");

        Open(Process);
        Assert.Equal(BreakerState.Closed, Gate(other).State);
        await PollAsync(Process);
        await PollAsync(other);
        Assert.Equal((BreakerState.Open, TimeSpan.FromSeconds(15)), (Gate(other).State, Gate(other).Wait));

        Clock.Advance(TimeSpan.FromSeconds(15));
        for (var trial = 0; trial < 2; trial++) Report(other, AttemptVerdict.Sound);
        await PollAsync(other);
        await PollAsync(Process);
        Assert.Equal(BreakerState.Closed, Gate(Process).State);

        // What was read is read again for a while, and does not open it again.
        await PollAsync(other);
        await PollAsync(Process);
        Assert.Equal((BreakerState.Closed, BreakerState.Closed), (Gate(Process).State, Gate(other).State));
        Assert.Equal(2, (await RowsAsync<BreakerEvent>()).Count);
    }

    [Fact]
    public async Task RunAsync_ProcessStartsLater_FollowsWhatIsStillOpen()
    {
        Open(Process);
        await PollAsync(Process);
        await using var later = await NewProcessAsync(Clock);
        await PollAsync(later);
        Assert.Equal(BreakerState.Open, Gate(later).State);
    }

    [Fact]
    public async Task RunAsync_DatabaseIsAway_CallsGoOnAndTheChangeIsWrittenLater()
    {
        Open(Process);
        await using (await Database.TakeAwayAsync())
        {
            await Assert.ThrowsAnyAsync<Exception>(() => PollAsync(Process));
            Assert.Equal(BreakerState.Open, Gate(Process).State);
        }

        await PollAsync(Process);
        Assert.Equal(BreakerState.Open, Assert.Single(await RowsAsync<BreakerEvent>()).To);
    }

    [Fact]
    public async Task RunAsync_HistoryOlderThanItIsKept_IsDeleted()
    {
        Open(Process);
        await PollAsync(Process);
        Clock.Advance(TimeSpan.FromDays(29));
        await PollAsync(Process);
        Assert.Single(await RowsAsync<BreakerEvent>());
        Clock.Advance(TimeSpan.FromDays(2));
        await PollAsync(Process);
        Assert.Empty(await RowsAsync<BreakerEvent>());
    }

    [Fact]
    public async Task FindAsync_AfterAnOpening_TellsStateAndHistory()
    {
        var service = Get<ConnectionService>();
        (await service.CreateAsync(Tenant.Admin, new ConnectionDraft(Connection, "openai", "https://api.example.test/v1") { Secret = "sk" }, default)).Required();
        Open(Process);
        await PollAsync(Process);
        Clock.Advance(TimeSpan.FromSeconds(5));
        var found = await Get<BreakerQueries>().FindAsync(Tenant.Admin, Connection, default);
        Assert.Equal((BreakerState.Open, TimeSpan.FromSeconds(10)), (found!.View.State, found.View.Wait));
        Assert.Equal("5 failures in a row.", Assert.Single(found.Changes).Reason);
        Assert.Equal([BreakerState.Closed, BreakerState.Open], found.View.Spans.Select(span => span.State));
    }

    private async Task<ProductProcess> NewProcessAsync(TimeProvider time) => await new ProductProcess(Database, time).StartAsync();

    private static Task PollAsync(ProductProcess process) => process.Get<BreakerShare>().RunAsync(default);

    private ConnectionGate Gate(ProductProcess process) => process.Get<ConnectionGates>().Of(Tenant.Id, Connection);

    private void Open(ProductProcess process)
    {
        for (var failure = 0; failure < 5; failure++) Report(process, AttemptVerdict.Failed);
    }

    private void Report(ProductProcess process, AttemptVerdict verdict)
    {
        using var pass = Gate(process).Enter().Pass!;
        pass.Report(verdict, null);
    }
}
