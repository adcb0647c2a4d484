using System.Buffers.Text;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Walks over a log and computes its tree anew: each entry, tile and checkpoint on the way has to be what the tree makes of the events.</summary>
/// <param name="edge">The tree so far, which is known to be good.</param>
internal sealed class AuditWalk(TreeEdge edge)
{
    private const int BatchSize = 1000;

    /// <summary>How many entries were found in order.</summary>
    public long Size => edge.Size;

    /// <summary>Goes on to a size.</summary>
    /// <exception cref="InvalidDataException">Something is not as it should be; the message names it. The walk is of no use any more.</exception>
    public async Task ToAsync(GovernanceDbContext db, AuditRecords records, DataKeys keys, long end, CancellationToken cancellation)
    {
        var organizationId = db.OrganizationId!.Value;
        var payloads = new AuditPayloads(db, keys);
        var verifiers = (await LogKeys.ReadAsync(db, organizationId, cancellation)).Verifiers;
        var erased = new HashSet<Guid>();
        while (edge.Size < end)
        {
            var (first, next) = (edge.Size, Math.Min(edge.Size + BatchSize, end));
            var checkpoints = await db.AuditCheckpoints.AsNoTracking().Where(row => row.Size > first && row.Size <= next).ToDictionaryAsync(row => row.Size, cancellation);
            var batch = await records.ReadAsync(first, next, cancellation);
            if (records.Missing is [var missing, ..]) throw new InvalidDataException(missing);
            await payloads.LoadKeysAsync(batch.SelectMany(record => record.Parts).Select(part => part.KeyId), cancellation);
            var tiles = new List<FullTile>();
            foreach (var record in batch)
            {
                var leaf = record.Event.ToLeaf();
                var hash = MerkleTree.HashLeaf(leaf.ToBytes());
                if (!hash.AsSpan().SequenceEqual(record.LeafHash)) throw new InvalidDataException($"Entry {record.Index} is not what was hashed into the tree.");
                foreach (var part in await payloads.OpenAsync(leaf, record.Parts, cancellation))
                {
                    if (part.IsBroken) throw new InvalidDataException($"A part of entry {record.Index} is not what its leaf commits to.");
                    if (part.ErasedAt is not null) erased.Add(part.KeyId);
                }

                tiles.AddRange(edge.Append(hash));
                if (checkpoints.TryGetValue(edge.Size, out var checkpoint)) Compare(checkpoint, AuditLeaf.OriginOf(organizationId), verifiers);
            }

            await CompareAsync(db, tiles, cancellation);
            await CompareCallsAsync(db, batch, cancellation);
            await CompareErasuresAsync(db, erased, cancellation);
        }
    }

    private void Compare(AuditCheckpoint row, string origin, IReadOnlyList<VerifierKey> verifiers)
    {
        var signed = SignedNote.Parse(row.Note) is { } note && verifiers.Any(key => AuditSigner.Verify(note, key)) ? Checkpoint.Parse(note.Text) : null;
        if (signed is null || signed.Origin != origin || signed.Size != row.Size) throw new InvalidDataException($"The checkpoint over {row.Size} entries is not signed by a key of this log.");
        if (!signed.Root.AsSpan().SequenceEqual(edge.Root())) throw new InvalidDataException($"The {row.Size} entries do not give the root that was signed over them.");
    }

    private static async Task CompareAsync(GovernanceDbContext db, List<FullTile> tiles, CancellationToken cancellation)
    {
        foreach (var tile in tiles)
        {
            var kept = await db.AuditTiles.Where(row => row.Level == tile.Level && row.Index == tile.Index).Select(row => row.Hashes).SingleOrDefaultAsync(cancellation);
            if (kept is null || !kept.AsSpan().SequenceEqual(tile.Hashes)) throw new InvalidDataException($"Tile {tile.Level}/{tile.Index} is missing, or not the one the entries give.");
        }
    }

    /// <summary>Each leaf of a call has a cost row (and by it, a call).</summary>
    private static async Task CompareCallsAsync(GovernanceDbContext db, IReadOnlyList<AuditRecord> batch, CancellationToken cancellation)
    {
        var calls = batch.Where(record => record.Event.ResourceType == CallLeaf.ResourceType).ToDictionary(record => record.Event.Id, record => record.Index);
        if (calls.Count == 0) return;
        var booked = await db.LedgerEntries.Where(entry => calls.Keys.Contains(entry.CallId) && entry.RequestCount == 1).Select(entry => entry.CallId).ToListAsync(cancellation);
        foreach (var (id, index) in calls.ExceptBy(booked, call => call.Key)) throw new InvalidDataException($"The call {id:n} of entry {index} has no cost row.");
    }

    /// <summary>A key that was destroyed has a leaf that says so.</summary>
    private static async Task CompareErasuresAsync(GovernanceDbContext db, HashSet<Guid> erased, CancellationToken cancellation)
    {
        var refs = erased.Select(id => Base64Url.EncodeToString(DataKey.Bytes(id))).ToList();
        if (refs.Count == 0) return;
        var said = await db.AuditEvents.Where(entry => entry.Action == DataKeys.Erased && refs.Contains(entry.ResourceRef!)).Select(entry => entry.ResourceRef!).ToListAsync(cancellation);
        if (refs.Except(said).FirstOrDefault() is { } silent) throw new InvalidDataException($"The data key {silent} was destroyed, but no entry of the log says so.");
    }
}
