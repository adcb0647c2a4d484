using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy;

/// <summary>A call that did not pass through the proxy, as it is reported afterwards.</summary>
public sealed record ImportedCall(DateTimeOffset StartedAt, Guid KeyId, string Provider, string Model, TokenUsage Usage)
{
    /// <summary>What was used that is priced by the piece.</summary>
    public UnitUsage Units { get; init; }

    /// <summary>UTF-8 bytes of text in the prompt; 0 where they are not known. They calibrate estimates.</summary>
    public long PromptBytes { get; init; }

    /// <summary>Those of the answer.</summary>
    public long ContentBytes { get; init; }

    public TimeSpan Duration { get; init; }

    public TimeSpan? TimeToFirstByte { get; init; }

    public string? ServiceTier { get; init; }

    /// <summary>The application's own id of the end user.</summary>
    public string? User { get; init; }

    public bool Stream { get; init; }

    public CallOutcome Outcome { get; init; } = CallOutcome.Succeeded;

    public int Status { get; init; } = 200;

    public string? ErrorCode { get; init; }

    public string? Connection { get; init; }

    /// <inheritdoc cref="LedgerEntry.SavedNanoUsd"/>
    public long? SavedNanoUsd { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>Books calls that were made elsewhere, at the prices that held when they started.</summary>
public sealed class UsageImport(GovernanceDatabase database, AccessControl access, PriceBooks prices, SubjectDirectory subjects, LedgerDatabase ledger, AuditTrail audit)
{
    private const int BatchSize = 1000;

    /// <summary>Books all calls or none. A model without a price at its moment is refused, unless it used nothing.</summary>
    /// <param name="actor">Who imports.</param>
    /// <param name="calls">The calls, at keys of the actor's organisation.</param>
    /// <param name="cancellation">Stops the import; nothing is booked then.</param>
    /// <returns>How many calls were booked.</returns>
    public async Task<Result<int>> ImportAsync(Actor actor, IReadOnlyCollection<ImportedCall> calls, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.UsageImport, cancellation) is { } forbidden) return forbidden;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var zone = (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone;
        var book = await prices.GetAsync(actor.OrganizationId, cancellation);
        var keys = await (
            from key in db.VirtualKeys
            join application in db.Applications on key.ApplicationId equals application.Id
            select new { key.Id, key.ApplicationId, application.TeamId, key.Environment, key.DataClass })
            .ToDictionaryAsync(key => key.Id, cancellation);

        foreach (var call in calls)
        {
            if (!keys.ContainsKey(call.KeyId)) return Refusal.NotFound($"There is no key {PublicId.Format(PublicId.Key, call.KeyId)}.");
            if ((call.Usage.Total > 0 || call.Units.Any) && book.Find(call.Provider, call.Model, call.StartedAt) is null)
                return Refusal.Invalid(nameof(call.Model), $"{call.Provider} {call.Model} has no price on {call.StartedAt:yyyy-MM-dd}. Add one first.");
        }

        var users = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var user in calls.Select(call => call.User).OfType<string>().Distinct(StringComparer.Ordinal))
            users[user] = await subjects.ResolveAsync(actor.OrganizationId, user, cancellation);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        foreach (var batch in calls.Chunk(BatchSize))
        {
            var writes = new List<LedgerWrite>(batch.Length);
            foreach (var imported in batch)
            {
                var key = keys[imported.KeyId];
                var call = ToCall(imported, actor.OrganizationId, zone, imported.User is { } user ? users[user] : null) with
                {
                    TeamId = key.TeamId,
                    ApplicationId = key.ApplicationId,
                    Environment = key.Environment,
                    DataClass = key.DataClass,
                };
                writes.Add(new LedgerWrite { Call = call, Entry = CallPricing.Book(call, ToResult(imported), book) });
            }

            await ledger.WriteAsync(db, writes);
        }

        audit.Record(db, actor, "usage.imported", "usage", null, new { calls.Count });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return calls.Count;
    }

    private static Call ToCall(ImportedCall imported, Guid organizationId, ReportingZone zone, Guid? subjectId)
    {
        var startedAt = imported.StartedAt.ToUniversalTime();
        return new Call
        {
            Id = Guid.CreateVersion7(startedAt),
            OrganizationId = organizationId,
            StartedAt = startedAt,
            Day = zone.DayOf(startedAt),
            Hour = zone.ToLocal(startedAt).Hour,
            KeyId = imported.KeyId,
            SubjectId = subjectId,
            Provider = imported.Provider,
            Connection = imported.Connection,
            RequestedModel = imported.Model,
            Stream = imported.Stream,
            Source = CallSource.Import,
            PromptBytes = imported.PromptBytes,
            Tags = imported.Tags,
            InstanceId = Guid.Empty,
        };
    }

    private static CallResult ToResult(ImportedCall imported) =>
        new(imported.Outcome, imported.StartedAt.ToUniversalTime() + imported.Duration)
        {
            Status = imported.Status,
            ErrorCode = imported.ErrorCode,
            ActualModel = imported.Model,
            ServiceTier = imported.ServiceTier,
            Usage = imported.Usage,
            Units = imported.Units,
            Worked = imported.Outcome == CallOutcome.Succeeded && imported.SavedNanoUsd is null,
            SavedNanoUsd = imported.SavedNanoUsd,
            ContentBytes = imported.ContentBytes,
            Provenance = Provenance.Reported,
            FirstByteAt = imported.TimeToFirstByte is { } first ? imported.StartedAt.ToUniversalTime() + first : null,
        };
}
