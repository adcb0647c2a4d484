using System.Text.Json.Nodes;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Proves that an event is in the log: from its row to the signed checkpoint.</summary>
public sealed class AuditProofs(AccessControl access, GovernanceDatabase database, AuditSequencer sequencer, DataKeys keys, AuditArchiveFiles files)
{
    public static readonly Refusal NoSuchEvent = Refusal.NotFound("The audit log has no such event.");

    /// <summary>The proof of an event against the newest checkpoint.</summary>
    public async Task<Result<AuditProof>> ProveAsync(Actor actor, Guid eventId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await IsSignedAsync(db, eventId, cancellation)) await sequencer.CatchUpAsync(actor.OrganizationId, cancellation);
        var found = await new AuditRecords(db, files).FindAsync(eventId, cancellation);
        var checkpoint = await db.LastCheckpointAsync(cancellation);
        if (found is null || checkpoint is null || found.Index >= checkpoint.Size) return NoSuchEvent;

        var (hashes, path) = (new AuditHashes(db, actor.OrganizationId), new List<byte[]>());
        foreach (var range in MerkleTree.InclusionProof(found.Index, checkpoint.Size)) path.Add(await hashes.OfAsync(range, cancellation));

        var leaf = found.Event.ToLeaf();
        var parts = await new AuditPayloads(db, keys).OpenAsync(leaf, found.Parts, cancellation);
        return new AuditProof(found.Index, leaf, parts, path, checkpoint, await LogKeys.ReadAsync(db, actor.OrganizationId, cancellation));
    }

    /// <summary>Whether a checkpoint covers an event already, as it does a few seconds after it.</summary>
    private static async Task<bool> IsSignedAsync(GovernanceDbContext db, Guid eventId, CancellationToken cancellation) =>
        await db.AuditEntries.Where(entry => entry.EventId == eventId).Select(entry => (long?)entry.Index).SingleOrDefaultAsync(cancellation) is { } index
        && await db.AuditCheckpoints.AnyAsync(checkpoint => checkpoint.Size > index, cancellation);
}

/// <summary>What proves that an event is in the log.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Leaf">Its leaf, as its row has it now.</param>
/// <param name="Parts">Its payload.</param>
/// <param name="Path">The hashes from the leaf up.</param>
/// <param name="Checkpoint">The signed checkpoint.</param>
/// <param name="Keys">The keys that have signed this log.</param>
public sealed record AuditProof(
    long Index, AuditLeaf Leaf, IReadOnlyList<AuditPartRow> Parts, IReadOnlyList<byte[]> Path, AuditCheckpoint Checkpoint, LogKeys Keys)
{
    /// <summary>Whether the checkpoint is signed by a key of this log.</summary>
    public bool IsSigned =>
        SignedNote.Parse(Checkpoint.Note) is { } note
        && Domain.Audit.Checkpoint.Parse(note.Text) is { } said && said.Origin == Leaf.Log && said.Size == Checkpoint.Size && said.Root.AsSpan().SequenceEqual(Checkpoint.Root)
        && Keys.Verifiers.Any(key => AuditSigner.Verify(note, key));

    /// <summary>Whether the tree of the checkpoint holds the leaf.</summary>
    public bool IsIncluded => MerkleTree.VerifyInclusion(Index, Checkpoint.Size, MerkleTree.HashLeaf(Leaf.ToBytes()), Path, Checkpoint.Root);

    /// <summary>Whether each part of the payload is what the leaf commits to, or was erased.</summary>
    public bool IsPayloadWhole => !Parts.Any(part => part.IsBroken);

    public bool IsGood => IsSigned && IsIncluded && IsPayloadWhole;

    /// <summary>The proof as a file for the offline verifier: docs/audit-log.md, "Export".</summary>
    /// <param name="withPayload">Whether what the event says about people is in it.</param>
    public string ToJson(bool withPayload)
    {
        var json = new JsonObject
        {
            ["format"] = "governance-audit-proof/1",
            ["index"] = Index,
            ["leaf"] = Leaf.ToString(),
            ["proof"] = new JsonArray([.. Path.Select(hash => (JsonNode)Convert.ToBase64String(hash))]),
            ["checkpoint"] = Checkpoint.Note,
        };
        foreach (var (name, texts) in Keys.ToJson()) json[name] = texts!.DeepClone();
        if (withPayload) json["parts"] = new JsonArray([.. Parts.Select(AuditExportFormat.PartOf)]);
        return json.ToJsonString();
    }
}
