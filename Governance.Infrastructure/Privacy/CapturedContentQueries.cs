using System.Text;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Privacy;

/// <summary>Reads captured content. Each look stands in the audit log before anything is answered.</summary>
public sealed class CapturedContentQueries(GovernanceDatabase database, AccessControl access, DataKeys keys, CaptureRuleDirectory rules, AuditTrail audit, TimeProvider time)
{
    /// <summary>Whether there is something to read; asking reads nothing and is not recorded.</summary>
    public async Task<ContentSummary> FindAsync(Actor actor, Guid callId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ContentRead, cancellation) is not null) return new ContentSummary(ContentState.NotPermitted);
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Calls.AsNoTracking().SingleOrDefaultAsync(call => call.Id == callId, cancellation) is not { } call) return new ContentSummary(ContentState.NoRule);
        if (call.Source != CallSource.Proxy) return new ContentSummary(ContentState.NeverPassed);
        var kept = await db.CapturedContents.Where(content => content.CallId == callId).Select(content => new { content.KeyId, content.ExpiresAt }).ToListAsync(cancellation);
        if (kept.Count == 0) return new ContentSummary(await WhyNoneAsync(call, cancellation));
        var (keyId, expiresAt) = (kept[0].KeyId, kept[0].ExpiresAt);
        if (expiresAt <= time.GetUtcNow()) return new ContentSummary(ContentState.Expired, expiresAt);
        return new ContentSummary(await db.DataKeys.AnyAsync(key => key.Id == keyId && key.Wrapped != null, cancellation) ? ContentState.Kept : ContentState.Erased, expiresAt);
    }

    /// <summary>Reads a call's content, and leaves a trace of it.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="callId">At which call.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<ReadContent>> ReadAsync(Actor actor, Guid callId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ContentRead, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var now = time.GetUtcNow();
        var kept = await db.CapturedContents.AsNoTracking().Where(content => content.CallId == callId && content.ExpiresAt > now).ToListAsync(cancellation);
        if (kept.Count == 0) return Refusal.NotFound("Nothing is kept of this call.");

        // The key is asked of the database each time, so that whoever is erased is erased in every process at once.
        var keyIds = kept.Select(content => content.KeyId).Distinct().ToList();
        var rows = await db.DataKeys.AsNoTracking().Where(key => keyIds.Contains(key.Id)).ToListAsync(cancellation);
        var opened = rows.Select(keys.Open).OfType<DataKey>().ToDictionary(key => key.Id);
        if (opened.Count == 0) return Refusal.Conflict("The data of this end user was erased; what was kept of the call cannot be read any more.");

        var call = await db.Calls.AsNoTracking().SingleAsync(call => call.Id == callId, cancellation);
        audit.Record(
            db, actor, "content.read", "content", PublicId.Format(PublicId.Request, callId),
            new { subject = call.SubjectId, call.ApplicationId, sides = kept.Select(content => content.Side).Order() });
        await db.SaveChangesAsync(cancellation);
        return new ReadContent(Text(ContentSide.Prompt), Text(ContentSide.Completion), kept[0].ExpiresAt);

        ContentText? Text(ContentSide side) =>
            kept.SingleOrDefault(content => content.Side == side) is { } content && opened.TryGetValue(content.KeyId, out var key) ? Open(content, key) : null;
    }

    /// <summary>Rows are gone once they expired, so the rule that holds now tells.</summary>
    private async Task<ContentState> WhyNoneAsync(Call call, CancellationToken cancellation)
    {
        if (await rules.FindAsync(call.OrganizationId, call.ApplicationId, call.DataClass, cancellation) is not { } rule) return ContentState.NoRule;
        return call.StartedAt.AddDays(rule.RetentionDays) <= time.GetUtcNow() ? ContentState.Expired : ContentState.NotCaptured;
    }

    private static ContentText Open(CapturedContent content, DataKey key) =>
        key.OpenContent(content.CallId, content.Id, (byte)content.Side, new PartCommitment(content.KeyId, content.Commitment), content.Ciphertext) is { } bytes
            ? new ContentText(Encoding.UTF8.GetString(bytes), content.Truncated)
            : throw new InvalidDataException($"The content {content.Id:n} of call {content.CallId:n} is not what was sealed.");
}
