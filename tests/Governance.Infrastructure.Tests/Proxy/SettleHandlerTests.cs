using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class SettleHandlerTests : ProductTest
{
    private SettleHandler Handler => Process.Services.GetServices<IWorkHandler>().OfType<SettleHandler>().Single();

    [Fact]
    public async Task HandleAsync_OneItemTwiceAtOnceAfterAnEstimate_CorrectsOnce()
    {
        for (var round = 0; round < TestScale.Cases(10, 100); round++)
        {
            var (call, item) = await OpenAsync();
            await Get<InterruptedCallsJob>().RunAsync(default);
            await HandleAtOnceAsync(item);
            var entries = (await RowsAsync<LedgerEntry>()).Where(entry => entry.CallId == call.Id).ToList();
            Assert.Equal((2, 100L, 10L), (entries.Count, entries.Sum(entry => entry.InputTokens), entries.Sum(entry => entry.OutputTokens)));
        }
    }

    [Fact]
    public async Task HandleAsync_OneItemTwiceAtOnce_BooksOnce()
    {
        for (var round = 0; round < TestScale.Cases(5, 50); round++)
        {
            var (call, item) = await OpenAsync();
            await HandleAtOnceAsync(item);
            Assert.Equal(100, Assert.Single(await RowsAsync<LedgerEntry>(), entry => entry.CallId == call.Id).InputTokens);
        }
    }

    private async Task<(Call Call, WorkItem Item)> OpenAsync()
    {
        var registry = Get<ProcessRegistry>();
        await registry.RunAsync(default);
        var call = Tenant.Call(Clock.GetUtcNow(), registry.InstanceId);
        await Get<CallLedger>().OpenAsync(call);
        Clock.Advance(TimeSpan.FromMinutes(1));
        return (call, SettleHandler.ToWork(call, call.Result(), drew: false, Clock.GetUtcNow()));
    }

    /// <summary>Whoever loses the race fails the attempt, at most; the next attempt finds the work done.</summary>
    private async Task HandleAtOnceAsync(WorkItem item)
    {
        var failures = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await Record.ExceptionAsync(() => Handler.HandleAsync(item, default)))));
        Assert.Contains(failures, failure => failure is null);
        await Handler.HandleAsync(item, default);
    }
}
