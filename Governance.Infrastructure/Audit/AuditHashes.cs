using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Reads the hashes of a log's tree: of tiles that are full, from where they lie; of the right edge, from the entries.</summary>
internal sealed class AuditHashes(GovernanceDbContext db, Guid organizationId)
{
    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];

    /// <summary>The hash over a run of leaves, as proofs need it.</summary>
    public async Task<byte[]> OfAsync(HashRange range, CancellationToken cancellation)
    {
        if (LevelOf(range) is { } level) return await PerfectAsync(level, range.Start, range.Count, cancellation);
        var middle = range.Start + MerkleTree.LargestPowerBelow(range.Count);
        var left = await OfAsync(range with { End = middle }, cancellation);
        var right = await OfAsync(range with { Start = middle }, cancellation);
        return MerkleTree.HashChildren(left, right);
    }

    /// <summary>The first hashes of a tile, one behind the other.</summary>
    /// <exception cref="InvalidDataException">They are not all there.</exception>
    public async Task<byte[]> TileAsync(int level, long index, int width, CancellationToken cancellation)
    {
        if (_tiles.TryGetValue((level, index), out var known) && known.Length >= width * MerkleTree.HashLength) return known[..(width * MerkleTree.HashLength)];
        var tile = await ReadTileAsync(level, index, width, cancellation);
        if (tile.Length != width * MerkleTree.HashLength) throw new InvalidDataException($"Of tile {level}/{index} of log {organizationId:n} hashes are missing.");
        return _tiles[(level, index)] = tile;
    }

    /// <summary>The right edge of the tree, to append to it.</summary>
    public async Task<TreeEdge> EdgeAsync(long size, CancellationToken cancellation)
    {
        var levels = new List<IReadOnlyList<byte[]>>();
        for (var (level, count) = (0, size); count > 0; level++, count /= Tile.Width)
        {
            var width = (int)(count % Tile.Width);
            var tile = width == 0 ? [] : await TileAsync(level, count / Tile.Width, width, cancellation);
            levels.Add([.. tile.Chunk(MerkleTree.HashLength)]);
        }

        return new TreeEdge(size, levels);
    }

    private async Task<byte[]> ReadTileAsync(int level, long index, int width, CancellationToken cancellation)
    {
        var full = await db.AuditTiles.Where(tile => tile.OrganizationId == organizationId && tile.Level == level && tile.Index == index)
            .Select(tile => tile.Hashes).SingleOrDefaultAsync(cancellation);
        if (full is not null) return full[..(width * MerkleTree.HashLength)];

        var (first, end) = (index * Tile.Width, (index * Tile.Width) + width);
        if (level == 0)
        {
            var hashes = await db.AuditEntries.Where(entry => entry.OrganizationId == organizationId && entry.Index >= first && entry.Index < end)
                .OrderBy(entry => entry.Index).Select(entry => entry.LeafHash).ToListAsync(cancellation);
            return [.. hashes.SelectMany(hash => hash)];
        }

        var below = await db.AuditTiles
            .Where(tile => tile.OrganizationId == organizationId && tile.Level == level - 1 && tile.Index >= first && tile.Index < end)
            .OrderBy(tile => tile.Index).Select(tile => tile.Hashes).ToListAsync(cancellation);
        return [.. below.SelectMany(tile => MerkleTree.Root([.. tile.Chunk(MerkleTree.HashLength)]))];
    }

    /// <summary>The hash of a perfect tree of 2^k leaves: the root over a run of hashes in one tile of the level that fits.</summary>
    private async Task<byte[]> PerfectAsync(int level, long start, long count, CancellationToken cancellation)
    {
        var span = 1L << (8 * level);
        var (first, width) = (start / span, (int)(count / span));
        var (tile, offset) = (first / Tile.Width, (int)(first % Tile.Width));
        var hashes = await TileAsync(level, tile, offset + width, cancellation);
        return MerkleTree.Root([.. hashes[(offset * MerkleTree.HashLength)..].Chunk(MerkleTree.HashLength)]);
    }

    /// <summary>The level of the tile that holds a perfect, aligned tree's hashes; none if the run is not one.</summary>
    private static int? LevelOf(HashRange range) =>
        long.IsPow2(range.Count) && range.Start % range.Count == 0 ? (int)long.Log2(range.Count) / 8 : null;
}
