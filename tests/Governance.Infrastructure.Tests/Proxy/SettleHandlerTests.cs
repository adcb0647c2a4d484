using System.Text.Json.Nodes;
using Governance.Domain.Jobs;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;
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

    [Fact]
    public async Task CheckEdit_OutcomeOfACall_TakesEveryChangeOrSaysWhichItCannot()
    {
        var (_, item) = await OpenAsync();
        var unchanged = Handler.CheckEdit(item, item.Payload).Required();
        Assert.Empty(JsonDiff.Of(Handler.CheckEdit(item, unchanged).Required(), unchanged));

        // What follows from the tokens follows them, though it stands there, too.
        var edited = Handler.CheckEdit(item, Edited(usage => usage["Input"] = 7)).Required();
        Assert.Contains(JsonDiff.Of(unchanged, edited), change => change is { Path: "Result.Usage.Input", After: "7" });
        AssertRefused("Result.Usage.Total", Edited(usage => usage["Total"] = 99));
        AssertRefused("Result.Usage.Evil", Edited(usage => usage["Evil"] = 1));

        string Edited(Action<JsonObject> edit)
        {
            var payload = JsonNode.Parse(item.Payload)!;
            edit(payload["Result"]!["Usage"]!.AsObject());
            return payload.ToJsonString();
        }

        void AssertRefused(string path, string payload) =>
            Assert.StartsWith(path + " ", Handler.CheckEdit(item, payload).Refusal?.Message, StringComparison.Ordinal);
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
