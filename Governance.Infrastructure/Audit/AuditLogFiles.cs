using System.Buffers.Binary;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// The log as the files of C2SP tlog-tiles: docs/audit-log.md, "Tree, tiles, checkpoint". There is only what the newest checkpoint covers.
/// Who may not read the log finds nothing.
/// </summary>
public sealed class AuditLogFiles(AccessControl access, GovernanceDatabase database, AuditArchiveFiles files)
{
    /// <summary>The newest checkpoint, as a signed note; none before the first.</summary>
    public async Task<string?> CheckpointAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return (await db.LastCheckpointAsync(cancellation))?.Note;
    }

    /// <summary>The keys that have ever signed.</summary>
    public async Task<LogKeys> KeysAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return new LogKeys([], []);
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await LogKeys.ReadAsync(db, actor.OrganizationId, cancellation);
    }

    /// <summary>The first hashes of a tile.</summary>
    /// <returns>None if the tree has not that many there.</returns>
    public async Task<byte[]?> TileAsync(Actor actor, int level, long index, int width, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await HasAsync(db, level, index, width, cancellation) ? await new AuditHashes(db, actor.OrganizationId).TileAsync(level, index, width, cancellation) : null;
    }

    /// <summary>The first leaves below a tile of level 0, each behind its length.</summary>
    /// <inheritdoc cref="TileAsync" path="/returns"/>
    public async Task<byte[]?> EntriesAsync(Actor actor, long index, int width, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await HasAsync(db, 0, index, width, cancellation)) return null;

        var first = index * Tile.Width;
        var records = await new AuditRecords(db, files).ReadAsync(first, first + width, cancellation);
        if (records.Count != width) throw new InvalidDataException($"Of entries {first} to {first + width - 1} of log {actor.OrganizationId:n} some are missing.");
        using var bundle = new MemoryStream();
        var length = new byte[sizeof(ushort)];
        foreach (var leaf in records.Select(record => record.Event.ToLeaf().ToBytes()))
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)leaf.Length));
            bundle.Write(length);
            bundle.Write(leaf);
        }

        return bundle.ToArray();
    }

    private static async Task<bool> HasAsync(GovernanceDbContext db, int level, long index, int width, CancellationToken cancellation)
    {
        if (level is < 0 or > Tile.MaxLevel || index < 0 || width is < 1 or > Tile.Width) return false;
        var hashes = ((await db.LastCheckpointAsync(cancellation))?.Size ?? 0) >> (8 * level);
        return hashes >= width && index <= (hashes - width) / Tile.Width; // Not index * 256 + width: that may be more than a long holds.
    }
}
