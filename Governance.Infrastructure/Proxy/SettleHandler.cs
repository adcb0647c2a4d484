using System.Text.Json;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Books an outcome that could not be booked at once. If the call was meanwhile closed as interrupted, the truth is booked as a
/// correction of that estimate; if it was booked after all, nothing happens. Of two workers on one item, one books: the other's
/// outcome or correction has the same key in the database, so its attempt fails, and a further one finds the work done.
/// </summary>
internal sealed class SettleHandler(GovernanceDatabase database, PriceBooks prices, LedgerDatabase ledger, LedgerFeed feed, TimeProvider time) : IWorkHandler
{
    public const string WorkKind = "ledger.settle";

    public string Kind => WorkKind;

    public static WorkItem ToWork(Call call, CallResult result, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = call.OrganizationId,
        Kind = WorkKind,
        Payload = JsonSerializer.Serialize(new Settlement(call.Id, result), JsonSerializerOptions.Default),
        CreatedAt = now,
        DueAt = now,
    };

    public async Task HandleAsync(WorkItem item, CancellationToken cancellation)
    {
        var settlement = JsonSerializer.Deserialize<Settlement>(item.Payload, JsonSerializerOptions.Default)
            ?? throw new InvalidDataException("The settlement is empty.");
        await using var db = database.ForOrganization(item.OrganizationId);
        var call = await db.Calls.AsNoTracking().SingleOrDefaultAsync(call => call.Id == settlement.CallId, cancellation);
        if (call is null) return; // It was never made: its opening was not committed.
        var truth = CallPricing.Book(call, settlement.Result, await prices.GetAsync(item.OrganizationId, cancellation));
        var booked = await db.LedgerEntries.AsNoTracking().Where(entry => entry.CallId == call.Id).ToListAsync(cancellation);
        var outcome = booked.SingleOrDefault(entry => entry.RequestCount == 1);
        if (outcome is not null && (outcome.Outcome != Domain.Proxy.CallOutcome.Interrupted || booked.Count > 1)) return;
        var entry = outcome is null
            ? truth
            : CallPricing.Correct(item.Id, time.GetUtcNow(), outcome, truth, "The outcome became known after the process had been given up for dead.");
        var known = await db.CallAttempts.AnyAsync(attempt => attempt.CallId == call.Id, cancellation);
        await ledger.BookAsync([new LedgerWrite { Entry = entry, Attempts = known ? [] : settlement.Result.Attempts }]);
        feed.Publish(entry, settlement.Result.Operation);
    }

    private sealed record Settlement(Guid CallId, CallResult Result);
}
