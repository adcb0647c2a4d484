using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Jobs;
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

    public WorkTraits Traits => new("Booking of a call", WorkTouches.Money, ShowsPayload: true, IsEditable: true);

    /// <param name="call">The call.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="drew">Whether it drew on its process's slices of budgets: then nobody waited for it to be recorded, and it may not be.</param>
    /// <param name="now">The time.</param>
    public static WorkItem ToWork(Call call, CallResult result, bool drew, DateTimeOffset now) => new()
    {
        Id = WorkItem.IdOf(WorkKind, CauseOf(call.Id)),
        OrganizationId = call.OrganizationId,
        Kind = WorkKind,
        Cause = CauseOf(call.Id),
        Payload = JsonSerializer.Serialize(new Settlement(call.Id, result) { Drew = drew ? call : null }, JsonSerializerOptions.Default),
        CreatedAt = now,
        DueAt = now,
    };

    public async Task HandleAsync(WorkItem item, CancellationToken cancellation)
    {
        var settlement = Read(item.Payload) ?? throw new NeedsPersonException("The payload cannot be read as the outcome of a call.");
        await using var db = database.ForOrganization(item.OrganizationId);
        var booked = await db.LedgerEntries.AsNoTracking().Where(entry => entry.CallId == settlement.CallId).ToListAsync(cancellation);
        var outcome = booked.SingleOrDefault(entry => entry.RequestCount == 1);
        if (outcome is not null && (outcome.Outcome != Domain.Proxy.CallOutcome.Interrupted || booked.Count > 1)) return;
        var opened = await db.Calls.AsNoTracking().SingleOrDefaultAsync(call => call.Id == settlement.CallId, cancellation);
        if ((opened ?? settlement.Drew) is not { } call || call.OrganizationId != item.OrganizationId)
        {
            if (settlement.Result.Outcome == Domain.Proxy.CallOutcome.Refused) return; // Its opening was not committed, so it was never made.
            throw new NeedsPersonException($"There is no call {CauseOf(settlement.CallId)} to book this for.");
        }

        var truth = CallPricing.Book(call, settlement.Result, await prices.GetAsync(item.OrganizationId, cancellation));
        var entry = outcome is null
            ? truth
            : CallPricing.Correct(item.Id, time.GetUtcNow(), outcome, truth, "The outcome became known after the process had been given up for dead.");
        var known = await db.CallAttempts.AnyAsync(attempt => attempt.CallId == call.Id, cancellation);
        await ledger.BookAsync(
        [
            new LedgerWrite
            {
                Call = opened is null ? call : null,
                Entry = entry,
                Opened = outcome is null ? call : null,
                Abandoned = outcome is null && settlement.Drew is not null,
                Attempts = known ? [] : settlement.Result.Attempts,
            },
        ]);
        feed.Publish(entry, settlement.Result.Operation);
    }

    /// <summary>An edit may correct what was used, not of which call: that is what the item is for. Sums follow from their parts.</summary>
    public Result<string> CheckEdit(WorkItem item, string payload)
    {
        if (Read(payload) is not { } edited) return Refusal.Invalid(nameof(payload), "This cannot be read as the outcome of a call.");
        if (Read(item.Payload) is { } before && before.CallId != edited.CallId) return Refusal.Invalid(nameof(payload), "CallId cannot be changed: this is the outcome of that call.");
        if (Read(item.Payload)?.Drew is var drew && !Same(drew, edited.Drew)) return Refusal.Invalid(nameof(payload), "Drew cannot be changed: it is the call as it was made.");
        var (usage, units) = (edited.Result.Usage, edited.Result.Units);
        long[] quantities =
        [
            usage.Input, usage.CachedInput, usage.CacheWrite, usage.CacheWrite1h, usage.Output, usage.Reasoning, usage.AudioInput, usage.AudioOutput,
            usage.ImageInput, usage.ImageOutput, units.Images, units.AudioMilliseconds, units.Searches, units.ToolCalls, edited.Result.ContentBytes,
        ];
        if (quantities.Any(quantity => quantity < 0)) return Refusal.Invalid(nameof(payload), "What was used cannot be less than nothing.");
        var written = JsonSerializer.Serialize(edited, JsonSerializerOptions.Default);
        return Dropped(item.Payload, payload, written) is { } dropped
            ? Refusal.Invalid(nameof(payload), $"{dropped.Path} would not be kept as {dropped.Before}: it is not known here, follows from other values, or is written in another way ({dropped.After ?? "not at all"}).")
            : written;
    }

    /// <summary>What somebody changed and would be lost, because it is not read.</summary>
    private static JsonChange? Dropped(string before, string typed, string written)
    {
        var changed = JsonDiff.Of(before, typed).Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        return JsonDiff.Of(typed, written).FirstOrDefault(change => change.Before is not null && changed.Contains(change.Path));
    }

    private static bool Same(Call? left, Call? right) =>
        JsonSerializer.Serialize(left, JsonSerializerOptions.Default) == JsonSerializer.Serialize(right, JsonSerializerOptions.Default);

    private static string CauseOf(Guid callId) => PublicId.Format(PublicId.Request, callId);

    private static Settlement? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Settlement>(payload, JsonSerializerOptions.Default) is { CallId: var call, Result: not null } settlement && call != Guid.Empty ? settlement : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Settlement(Guid CallId, CallResult Result)
    {
        /// <summary>The call, if it drew on its process's slices of budgets.</summary>
        public Call? Drew { get; init; }
    }
}
