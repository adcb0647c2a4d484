using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Costs;

public sealed class EstimatorCalibrationTests : ProductTest
{
    private const string Model = CallBuilder.Model;

    [Fact]
    public async Task RunAsync_ReportedCalls_CalibrateBothSides()
    {
        await ImportAsync(60, promptBytes: 3_000, contentBytes: 200); // 1,000 and 100 tokens
        await Get<EstimatorCalibration>().RunAsync(default);
        var estimator = await Get<TokenEstimators>().GetAsync(Tenant.Id, default);
        Assert.Equal((RatioBasis.Model, 60, 3_000L), (Prompt(estimator).Basis, Prompt(estimator).Rows, Prompt(estimator).MilliBytes));
        Assert.Equal(2_000, estimator.Find("openai", Model, TokenSide.Output).MilliBytes);
        var shown = Assert.Single((await Get<EstimateQueries>().LoadAsync(Tenant.Viewer, default)).Models);
        Assert.Equal((30, 0, 250), (shown.Prompt.Error!.Rows, shown.Prompt.Error.MedianPermille, shown.Prompt.Error.UncalibratedPermille));
    }

    [Fact]
    public async Task RunAsync_Again_ReplacesWhatWasMeasured()
    {
        await ImportAsync(40, promptBytes: 3_000, contentBytes: 200);
        await Get<EstimatorCalibration>().RunAsync(default);
        var before = (await RowsAsync<TokenCalibration>()).Count;
        await ImportAsync(90, promptBytes: 5_000, contentBytes: 200);
        await Get<EstimatorCalibration>().RunAsync(default);
        Assert.Equal(before, (await RowsAsync<TokenCalibration>()).Count);
        Assert.Equal(5_000, Prompt(await Get<TokenEstimators>().GetAsync(Tenant.Id, default)).MilliBytes);
    }

    [Fact]
    public async Task RunAsync_EstimatedFailedAndSandboxCalls_TeachNothing()
    {
        await ImportAsync(40, promptBytes: 3_000, contentBytes: 200, call => call with { Outcome = CallOutcome.CallerGone });
        await ImportAsync(40, promptBytes: 3_000, contentBytes: 200, call => call with { Connection = ProviderConnections.SandboxName });
        await ImportAsync(40, promptBytes: 0, contentBytes: 0);
        var call = Tenant.Call(Clock.GetUtcNow());
        await Get<CallLedger>().OpenAsync(call);
        await Get<CallLedger>().SettleAsync(call, call.Result() with { Provenance = Provenance.Estimated, ContentBytes = 10 });
        await Get<EstimatorCalibration>().RunAsync(default);
        Assert.Empty(await RowsAsync<TokenCalibration>());
    }

    [Fact]
    public async Task RunAsync_CallThatAnotherOrganisationMade_IsNotMixedIn()
    {
        await ImportAsync(40, promptBytes: 3_000, contentBytes: 200);
        var other = await Tenant.CreateAsync(Process.Services);
        await Get<EstimatorCalibration>().RunAsync(default);
        Assert.Equal(RatioBasis.Default, Prompt(await Get<TokenEstimators>().GetAsync(other.Id, default)).Basis);
    }

    [Fact]
    public async Task RunAsync_InterruptedCall_IsEstimatedByTheCalibration()
    {
        await ImportAsync(40, promptBytes: 2_000, contentBytes: 200);
        await Get<EstimatorCalibration>().RunAsync(default);
        var call = Tenant.Call(Clock.GetUtcNow(), Get<ProcessRegistry>().InstanceId);
        await Get<CallLedger>().OpenAsync(call);
        Clock.Advance(new ProcessOptions().DeadAfter + TimeSpan.FromSeconds(1));
        await Get<InterruptedCallsJob>().RunAsync(default);
        var entry = Assert.Single(await RowsAsync<LedgerEntry>(), entry => entry.CallId == call.Id);
        Assert.Equal((call.PromptBytes / 2, Provenance.Estimated), (entry.InputTokens, entry.Provenance));
    }

    private static TokenRatio Prompt(TokenEstimator estimator) => estimator.Find("openai", Model, TokenSide.Prompt);

    private async Task ImportAsync(int count, long promptBytes, long contentBytes, Func<ImportedCall, ImportedCall>? change = null)
    {
        var calls = Enumerable.Range(0, count).Select(i =>
        {
            var call = new ImportedCall(
                Clock.GetUtcNow().AddMinutes(-i), Tenant.Key.Id, "openai", Model, new TokenUsage(Input: 900, CachedInput: 100, Output: 100, Reasoning: 50))
            {
                PromptBytes = promptBytes,
                ContentBytes = contentBytes,
            };
            return change?.Invoke(call) ?? call;
        }).ToList();
        (await Get<UsageImport>().ImportAsync(Tenant.Admin, calls, default)).Required();
    }
}
