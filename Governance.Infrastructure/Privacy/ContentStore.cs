using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Privacy;

/// <summary>Seals content and writes it.</summary>
public sealed class ContentStore(GovernanceDatabase database, DataKeys keys, TimeProvider time)
{
    /// <summary>Stores what belongs to calls that are in the ledger. What belongs to an end user who was erased is not kept.</summary>
    /// <returns>How many calls' content was kept.</returns>
    public async Task<int> StoreAsync(IReadOnlyCollection<CallContent> contents, CancellationToken cancellation)
    {
        var kept = 0;
        await using var db = database.AcrossOrganizations();
        foreach (var content in contents)
        {
            var (owner, ownerId) = content.SubjectId is { } subject ? (DataKeyOwner.Subject, subject) : (DataKeyOwner.Organization, content.OrganizationId);
            if (await keys.GetAsync(db, content.OrganizationId, owner, ownerId, cancellation) is not { } key) continue;
            Add(db, content, key, ContentSide.Prompt, content.Prompt);
            Add(db, content, key, ContentSide.Completion, content.Completion);
            kept++;
        }

        await db.SaveChangesAsync(cancellation);
        return kept;
    }

    private void Add(GovernanceDbContext db, CallContent content, DataKey key, ContentSide side, ContentPiece? piece)
    {
        if (piece is null) return;
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var part = key.SealContent(content.CallId, id, (byte)side, piece.Bytes.Span);
        db.CapturedContents.Add(new CapturedContent
        {
            Id = id,
            OrganizationId = content.OrganizationId,
            CallId = content.CallId,
            Side = side,
            KeyId = key.Id,
            Ciphertext = part.Ciphertext,
            Commitment = part.Commitment.Commitment.ToArray(),
            StoredAt = now,
            ExpiresAt = now.AddDays(content.RetentionDays),
            Truncated = piece.Truncated,
        });
    }
}
