using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Closes the calls that a dead process left open, and those that have no outcome for too long. The provider was probably reached, so they are not free: what was held for them
/// is charged, flagged as estimated.
/// </summary>
public sealed class InterruptedCallsJob(
    GovernanceDatabase database, PriceBooks prices, TokenEstimators estimators, ProcessRegistry processes, LedgerDatabase ledger, LedgerFeed feed, TimeProvider time,
    IOptions<ProcessOptions> options, IOptions<ProxyOptions> proxy, ILogger<InterruptedCallsJob> logger) : IJob
{
    private const int BatchSize = 500;
    private const int MostRaces = 20;

    /// <summary>How often all calls are looked through that may be open, not only those of processes that died since: at the start, and for what nobody thought of.</summary>
    private static readonly TimeSpan FullEvery = TimeSpan.FromHours(1);

    private HashSet<(Guid InstanceId, DateTimeOffset LastSeenAt)> _swept = [];
    private DateTimeOffset _fullAt;

    public string Name => "interrupted-calls";

    public TimeSpan Interval => options.Value.DeadAfter / 2;

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        var now = time.GetUtcNow();
        var alive = processes.AliveSince(now);
        var dead = await db.ProcessInstances.AsNoTracking().Where(instance => instance.LastSeenAt < alive).ToListAsync(cancellation);
        var died = dead.Where(instance => !_swept.Contains((instance.Id, instance.LastSeenAt))).ToList();
        var full = now - _fullAt >= FullEvery;
        if (full || died.Count > 0)
        {
            var closed = 0;
            foreach (var organizationId in await db.Organizations.Select(organization => organization.Id).ToListAsync(cancellation))
                closed += await CloseAsync(db, organizationId, full ? null : died, cancellation);
            if (closed > 0) Log.InterruptedCallsClosed(logger, closed);
        }

        _swept = [.. dead.Select(instance => (instance.Id, instance.LastSeenAt))];
        if (full) _fullAt = now;
        await db.BudgetLeases.Where(lease => lease.AmountNanoUsd == 0 && !db.ProcessInstances.Any(instance => instance.Id == lease.InstanceId && instance.LastSeenAt >= alive))
            .ExecuteDeleteAsync(cancellation);
    }

    /// <param name="db">Across organisations.</param>
    /// <param name="organizationId">Whose calls.</param>
    /// <param name="died">The processes whose calls are closed; none for those of every process that is dead, and those that are open for too long.</param>
    /// <param name="cancellation">Stops it between batches.</param>
    private async Task<int> CloseAsync(GovernanceDbContext db, Guid organizationId, List<ProcessInstance>? died, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (alive, givenUp) = (processes.AliveSince(now), now - proxy.Value.LongestCall);
        var calls = db.Calls.AsNoTracking().Where(call => call.OrganizationId == organizationId);
        if (await calls.MaxAsync(call => (DateTimeOffset?)call.StartedAt, cancellation) is not { } latest) return 0;

        // What was open for longer before the last call was closed while that one was made.
        var since = latest - proxy.Value.LongestCall - options.Value.DeadAfter;
        if (died is not null && died.Min(instance => instance.StartedAt) is var started && started > since) since = started;
        var range = new TimeRange(since, DateTimeOffset.MaxValue);
        var booked = db.LedgerEntries.InMonthsOf(db, range);
        var open = calls.InMonthsOf(db, range).Where(call => call.StartedAt >= since && !booked.Any(entry => entry.CallId == call.Id));
        if (died is null)
            open = open.Where(call => call.StartedAt < givenUp || !db.ProcessInstances.Any(instance => instance.Id == call.InstanceId && instance.LastSeenAt >= alive));
        else
            open = open.Where(call => died.Select(instance => instance.Id).Contains(call.InstanceId));
        var (closed, raced) = (0, 0);
        while (true)
        {
            var abandoned = await open.OrderBy(call => call.StartedAt).ThenBy(call => call.Id).Take(BatchSize).ToListAsync(cancellation);
            var book = await prices.GetAsync(organizationId, cancellation);
            var estimator = await estimators.GetAsync(organizationId, cancellation);
            var writes = abandoned
                .Select(call => new LedgerWrite { Entry = Charge(call, CallPricing.Book(call, Estimate(call, estimator, now), book)), Opened = call, Abandoned = true }).ToList();
            try
            {
                if (writes.Count > 0) await ledger.BookAsync(writes);
            }
            catch (Exception exception) when (exception.IsOfOneRow() && ++raced < MostRaces)
            {
                continue; // Another process closed some of them meanwhile, or their own had sent the outcome before it died.
            }

            foreach (var write in writes) feed.Publish(write.Entry!, GenAiNames.Unknown);
            closed += abandoned.Count;
            if (abandoned.Count < BatchSize) return closed;
        }
    }

    /// <summary>What was held for the call is what it is charged, until the truth is known.</summary>
    private static LedgerEntry Charge(Call call, LedgerEntry estimated) =>
        call.CeilingNanoUsd is { } ceiling ? estimated with { CostNanoUsd = ceiling, Overrun = false } : estimated;

    private static CallResult Estimate(Call call, TokenEstimator estimator, DateTimeOffset now) => new(CallOutcome.Interrupted, now)
    {
        ErrorCode = "process_died",
        Usage = new TokenUsage(
            Input: estimator.Estimate(call.Provider, call.RequestedModel, TokenSide.Prompt, call.PromptBytes), Output: call.MaxOutputTokens ?? 0),
        Worked = true,
        Provenance = Provenance.Estimated,
    };
}
