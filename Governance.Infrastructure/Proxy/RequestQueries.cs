using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy;

/// <summary>Calls as lists and one by one.</summary>
public sealed class RequestQueries(AccessControl access)
{
    /// <summary>Whether a text is a cursor that <see cref="ListAsync"/> gave out.</summary>
    public static bool IsCursor(string text) => PageCursor.TryParse(text, out _);

    /// <summary>One page of calls, newest first.</summary>
    /// <param name="actor">Who asks; calls outside what they may read are not there.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="cursor">Where the page before ended; none for the first. A malformed one is an empty page.</param>
    /// <param name="size">How many rows, at most <see cref="Page{T}.MaxSize"/>.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<RequestRow>> ListAsync(
        Actor actor, RequestFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        size = Math.Clamp(size, 1, Page<RequestRow>.MaxSize);
        await using var db = await access.OpenAsync(actor, Permissions.RequestsRead, cancellation);
        var query = filter.Apply(db.Calls.AsNoTracking(), db);
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var after)) return new Page<RequestRow>([], null);
            var (at, id) = after;
            query = query.Where(call => call.StartedAt < at || (call.StartedAt == at && call.Id < id));
        }

        var calls = await query
            .OrderByDescending(call => call.StartedAt).ThenByDescending(call => call.Id)
            .Take(size + 1)
            .ToListAsync(cancellation);
        var next = calls.Count > size ? new PageCursor(calls[size - 1].StartedAt, calls[size - 1].Id).ToString() : null;
        return new Page<RequestRow>(await WithEntriesAsync(db, [.. calls.Take(size)], cancellation), next);
    }

    /// <summary>One call in full; none if the organisation has no such call, or the actor may not read it.</summary>
    public async Task<RequestDetail?> FindAsync(Actor actor, Guid callId, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.RequestsRead, cancellation);
        var call = await db.Calls.AsNoTracking().SingleOrDefaultAsync(call => call.Id == callId, cancellation);
        if (call is null) return null;

        var row = (await WithEntriesAsync(db, [call], cancellation))[0];
        var attempts = await db.CallAttempts.AsNoTracking()
            .Where(attempt => attempt.CallId == callId).OrderBy(attempt => attempt.Number).ToListAsync(cancellation);
        var priceId = row.Entries.LastOrDefault(entry => entry.PriceId is not null)?.PriceId;
        var price = priceId is null
            ? null
            : await db.Prices.AsNoTracking().SingleOrDefaultAsync(price => price.Id == priceId, cancellation);
        var breakdown = price is null || row.Outcome is null
            ? null
            : CostCalculator.Calculate(
                price.ToPrice(), row.Usage, row.Entries[^1].ServiceTier, call.Region is not null, row.Units, row.BilledRequests);
        return new RequestDetail(row, attempts, price, breakdown);
    }

    private static async Task<IReadOnlyList<RequestRow>> WithEntriesAsync(
        GovernanceDbContext db, IReadOnlyList<Call> calls, CancellationToken cancellation)
    {
        var ids = calls.Select(call => call.Id).ToList();
        var entries = (await db.LedgerEntries.AsNoTracking().Where(entry => ids.Contains(entry.CallId)).ToListAsync(cancellation))
            .ToLookup(entry => entry.CallId);
        return [.. calls.Select(call => new RequestRow(call, InOrder(entries[call.Id])))];
    }

    private static IReadOnlyList<LedgerEntry> InOrder(IEnumerable<LedgerEntry> entries) =>
        [.. entries.OrderByDescending(entry => entry.RequestCount).ThenBy(entry => entry.RecordedAt).ThenBy(entry => entry.Id)];
}
