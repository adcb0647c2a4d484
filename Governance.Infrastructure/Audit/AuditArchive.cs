using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Moves old entries into archive files, over the owner's connection: the running application may not delete them. Only what the
/// <see cref="AuditSelfCheck"/> has found in order moves, and only after the file was read back.
/// </summary>
internal sealed class AuditArchive(GovernanceDatabase database, AuditArchiveFiles files, AuditHeartbeat heartbeat, TimeProvider time, IOptions<AuditArchiveOptions> options) : IJob
{
    /// <summary>What proofs of other entries look up stays in the database too, and so does the newest heartbeat, where the next one begins.</summary>
    private static readonly string[] Kept = [DataKeys.Erased, AuditSigner.Rotated];

    public string Name => "audit-archive";

    public TimeSpan Interval => TimeSpan.FromMinutes(10);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (options.Value.After is not { } after) return;
        List<Guid> organizations;
        await using (var db = database.AcrossOrganizations()) organizations = await db.Organizations.Select(row => row.Id).ToListAsync(cancellation);
        foreach (var organizationId in organizations)
        {
            while (await MoveAsync(organizationId, time.GetUtcNow() - after, cancellation))
            {
                // The next segment.
            }
        }
    }

    /// <summary>Moves the oldest segment that is still in the database.</summary>
    /// <returns>Whether there was one that is old enough.</returns>
    private async Task<bool> MoveAsync(Guid organizationId, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var first = await db.AuditSegments.MaxAsync(segment => (long?)segment.End, cancellation) ?? 0;
        var end = first + options.Value.SegmentSize;
        var check = await db.AuditChecks.AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (check is null or { Problem: not null } || check.VerifiedSize < end) return false;
        var records = await new AuditRecords(db, files).ReadAsync(first, end, cancellation);
        if (await heartbeat.CountedUntilAsync(db, cancellation) is not { } counted) return false;
        before = before < counted ? before : counted; // A heartbeat counts the calls that are in the database.
        if (records.Count != options.Value.SegmentSize || records.Any(record => record.Event.At >= before)) return false;

        var (length, hash) = await files.WriteAsync(organizationId, records, cancellation);
        var segment = new AuditSegment
        {
            OrganizationId = organizationId,
            First = first,
            End = end,
            From = records.Min(record => record.Event.At),
            To = records.Max(record => record.Event.At),
            ArchivedAt = time.GetUtcNow(),
            Length = length,
            Hash = hash,
        };
        Compare(records, await files.ReadAsync(segment, cancellation));
        await DeleteAsync(segment, cancellation);
        return true;
    }

    /// <summary>What was read back has to hash to what the tree holds, and to have the same ciphertexts.</summary>
    private static void Compare(IReadOnlyList<AuditRecord> written, IReadOnlyList<(AuditEvent Event, IReadOnlyList<AuditPart> Parts)> read)
    {
        for (var i = 0; i < written.Count; i++)
        {
            var same = MerkleTree.HashLeaf(read[i].Event.ToLeaf().ToBytes()).AsSpan().SequenceEqual(written[i].LeafHash)
                && read[i].Parts.Count == written[i].Parts.Count
                && read[i].Parts.Zip(written[i].Parts).All(pair => pair.First.Number == pair.Second.Number && pair.First.Ciphertext.AsSpan().SequenceEqual(pair.Second.Ciphertext));
            if (!same) throw new InvalidDataException($"Entry {written[i].Index} is another one in its archive file; nothing was deleted.");
        }
    }

    /// <summary>The database lets go what a segment holds, and nothing else: <see cref="AppendOnlyGuards"/>.</summary>
    private async Task DeleteAsync(AuditSegment segment, CancellationToken cancellation)
    {
        await using var owner = database.AsOwner();
        await using var transaction = await owner.Database.BeginTransactionAsync(cancellation);
        owner.AuditSegments.Add(segment);
        await owner.SaveChangesAsync(cancellation);
        var moved = owner.AuditEntries.Where(entry => entry.OrganizationId == segment.OrganizationId && entry.Index >= segment.First && entry.Index < segment.End).Select(entry => entry.EventId);
        var newestBeat = await owner.AuditEvents.Where(entry => entry.OrganizationId == segment.OrganizationId && entry.Action == AuditHeartbeat.Action)
            .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Select(entry => (Guid?)entry.Id).FirstOrDefaultAsync(cancellation);
        var events = owner.AuditEvents.Where(entry => moved.Contains(entry.Id) && !Kept.Contains(entry.Action) && entry.Id != newestBeat);
        await owner.AuditParts.Where(part => events.Any(entry => entry.Id == part.EventId)).ExecuteDeleteAsync(cancellation);
        await events.ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
