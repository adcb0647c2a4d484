using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Closes the calls that a dead process left open. The provider was probably reached, so they are not free: the prompt's estimate
/// and the caller's own bound on the answer are charged, flagged as estimated.
/// </summary>
internal sealed class InterruptedCallsJob(
    GovernanceDatabase database, PriceBooks prices, TokenEstimators estimators, ProcessRegistry processes, LedgerFeed feed, TimeProvider time,
    IOptions<ProcessOptions> options, ILogger<InterruptedCallsJob> logger) : IJob
{
    private const int BatchSize = 500;

    public string Name => "interrupted-calls";

    public TimeSpan Interval => options.Value.DeadAfter / 2;

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var alive = processes.AliveSince(now);
        await using var db = database.AcrossOrganizations();
        var closed = 0;
        while (true)
        {
            var abandoned = await db.Calls.AsNoTracking()
                .Where(call => !db.LedgerEntries.Any(entry => entry.CallId == call.Id))
                .Where(call => !db.ProcessInstances.Any(instance => instance.Id == call.InstanceId && instance.LastSeenAt >= alive))
                .OrderBy(call => call.Id)
                .Take(BatchSize)
                .ToListAsync(cancellation);
            var entries = new List<LedgerEntry>();
            foreach (var call in abandoned)
            {
                var book = await prices.GetAsync(call.OrganizationId, cancellation);
                var estimator = await estimators.GetAsync(call.OrganizationId, cancellation);
                entries.Add(CallPricing.Book(call, Estimate(call, estimator, now), book));
            }

            db.LedgerEntries.AddRange(entries);
            await db.SaveChangesAsync(cancellation);
            foreach (var entry in entries) feed.Publish(entry, GenAiNames.Unknown);
            db.ChangeTracker.Clear();
            closed += abandoned.Count;
            if (abandoned.Count < BatchSize) break;
        }

        if (closed > 0) Log.InterruptedCallsClosed(logger, closed);
    }

    private static CallResult Estimate(Call call, TokenEstimator estimator, DateTimeOffset now) => new(CallOutcome.Interrupted, now)
    {
        ErrorCode = "process_died",
        Usage = new TokenUsage(
            Input: estimator.Estimate(call.Provider, call.RequestedModel, TokenSide.Prompt, call.PromptBytes), Output: call.MaxOutputTokens ?? 0),
        Worked = true,
        Provenance = Provenance.Estimated,
    };
}
