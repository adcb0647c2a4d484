using System.Collections.Concurrent;
using System.Data;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Gives events their places in their organisation's tree, in batches and off the path of requests, and signs checkpoints. Into the log it only inserts.
/// Of several processes one at a time works on a log; what another one appended is read before more is.
/// </summary>
public sealed class AuditSequencer(
    GovernanceDatabase database, AuditSigner signer, AuditTrail audit, TimeProvider time, IOptions<AuditOptions> options, ILogger<AuditSequencer> logger) : BackgroundService
{
    /// <summary>How many get their places in one transaction: calls that are about to be made wait for it on SQLite.</summary>
    internal const int MaxBatch = 256;

    private readonly ConcurrentDictionary<Guid, LogState> _logs = new();
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>How many events had no place when this process last looked.</summary>
    public long Backlog => _logs.Values.Sum(log => log.Waiting);

    /// <summary>Gives every event that is committed now its place, and signs; what exports and proofs begin with.</summary>
    public async Task CatchUpAsync(Guid organizationId, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var log = _logs.GetOrAdd(organizationId, _ => new LogState());
            await SequenceAllAsync(organizationId, log, cancellation);
            await SignAsync(organizationId, log, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SequenceEvery, time);
        try
        {
            do await TurnAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is shutting down; what has no place yet gets one at the next start.
        }
    }

    /// <summary>One turn over all logs. A failure of one does not keep the others.</summary>
    internal async Task TurnAsync(CancellationToken cancellation)
    {
        List<Guid> organizations = [];
        try
        {
            await using var db = database.AcrossOrganizations();
            organizations = await db.Organizations.Select(organization => organization.Id).ToListAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Log.SequencingFailed(logger, exception, Guid.Empty);
        }

        foreach (var organizationId in organizations)
        {
            await _one.WaitAsync(cancellation);
            try
            {
                await TurnAsync(organizationId, _logs.GetOrAdd(organizationId, _ => new LogState()), cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                Log.SequencingFailed(logger, exception, organizationId);
            }
            finally
            {
                _one.Release();
            }
        }
    }

    private async Task TurnAsync(Guid organizationId, LogState log, CancellationToken cancellation)
    {
        await SequenceAllAsync(organizationId, log, cancellation);
        if (time.GetUtcNow() - log.SignedAt >= options.Value.CheckpointEvery) await SignAsync(organizationId, log, cancellation);
    }

    /// <summary>Appends all that wait, the oldest first, batch by batch.</summary>
    private async Task SequenceAllAsync(Guid organizationId, LogState log, CancellationToken cancellation)
    {
        await using (var db = database.ForOrganization(organizationId)) log.Waiting = await db.AuditWaiting.LongCountAsync(cancellation);
        if (log.Waiting == 0) return; // As it mostly is.
        while (await SequenceAsync(organizationId, log, cancellation))
        {
            // There may be more.
        }

        log.Waiting = 0;
    }

    /// <summary>Appends a batch. It is read and hashed before others have to wait for it.</summary>
    /// <returns>Whether there may be more.</returns>
    private async Task<bool> SequenceAsync(Guid organizationId, LogState log, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        // Two questions: of a table that is filled and emptied all the time PostgreSQL knows too little to join it well. All ids are one parameter, so that
        // the statement is the same each time.
        var ids = await db.AuditWaiting.OrderBy(waiting => waiting.At).ThenBy(waiting => waiting.EventId).Take(MaxBatch).Select(waiting => waiting.EventId).ToListAsync(cancellation);
        var events = await db.AuditEvents.IgnoreQueryFilters([GovernanceDbContext.OrganizationFilter]).AsNoTracking() // Or SQLite goes through the organisation's whole log.
            .Where(entry => EF.Parameter(ids).Contains(entry.Id)).ToListAsync(cancellation);
        events = [.. events.OrderBy(entry => entry.At).ThenBy(entry => entry.Id)];
        if (events.Count == 0) return false;
        var hashes = events.Select(entry => MerkleTree.HashLeaf(entry.ToLeaf().ToBytes())).ToList();

        using var turn = await database.TakeTurnAsync(cancellation);
        await using var transaction = await LockAsync(db, organizationId, cancellation);
        if (!await TakeAsync(db, events, cancellation)) return true;
        var edge = await EdgeAsync(db, organizationId, log, cancellation);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        log.Edge = null; // Until this is committed, what is in memory is ahead of the database.
        var placed = new List<AuditEntry>(events.Count);
        foreach (var (entry, hash) in events.Zip(hashes))
        {
            placed.Add(new AuditEntry { OrganizationId = organizationId, Index = edge.Size, EventId = entry.Id, LeafHash = hash });
            foreach (var tile in edge.Append(hash))
                db.AuditTiles.Add(new AuditTile { OrganizationId = organizationId, Level = tile.Level, Index = tile.Index, Hashes = tile.Hashes });
        }

        await AuditPlacing.InsertAsync(db, placed, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        log.Edge = edge;
        return events.Count == MaxBatch;
    }

    /// <summary>They wait no longer.</summary>
    /// <returns>False if another process has given some of them their places since they were read.</returns>
    private static async Task<bool> TakeAsync(GovernanceDbContext db, List<AuditEvent> events, CancellationToken cancellation)
    {
        var (from, to, ids) = (events[0].At, events[^1].At, events.ConvertAll(entry => entry.Id));
        return await db.AuditWaiting.Where(waiting => waiting.At >= from && waiting.At <= to && EF.Parameter(ids).Contains(waiting.EventId)).ExecuteDeleteAsync(cancellation) == events.Count;
    }

    /// <summary>Signs a checkpoint if the tree grew since the last.</summary>
    private async Task SignAsync(Guid organizationId, LogState log, CancellationToken cancellation)
    {
        if (!await TakeUpKeyAsync(organizationId, log, cancellation)) return;
        await using var db = database.ForOrganization(organizationId);
        using var turn = await database.TakeTurnAsync(cancellation);
        await using var transaction = await LockAsync(db, organizationId, cancellation);
        var edge = await EdgeAsync(db, organizationId, log, cancellation);
        var now = time.GetUtcNow();
        log.SignedAt = now;
        var last = await db.AuditCheckpoints.OrderByDescending(row => row.Size).FirstOrDefaultAsync(cancellation);
        if (edge.Size == 0 || last?.Size == edge.Size) return;

        var checkpoint = new Checkpoint(AuditLeaf.OriginOf(organizationId), edge.Size, edge.Root());
        var isNewKey = !await db.AuditPublicKeys.AnyAsync(key => key.PublicKey == Convert.ToBase64String(signer.PublicKey), cancellation);
        if (isNewKey) db.AuditPublicKeys.Add(new AuditPublicKey { PublicKey = Convert.ToBase64String(signer.PublicKey), FirstUsedAt = now });
        db.AuditCheckpoints.Add(new AuditCheckpoint
        {
            OrganizationId = organizationId,
            Size = checkpoint.Size,
            Root = checkpoint.Root,
            At = now,
            Note = signer.Sign(checkpoint, withPrevious: last is not null && !signer.HasSigned(last)).ToString(),
        });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>A key that is new to a log is announced in it before it signs.</summary>
    /// <returns>False if a newer key signs by now: this process still has the one of before.</returns>
    private async Task<bool> TakeUpKeyAsync(Guid organizationId, LogState log, CancellationToken cancellation)
    {
        var mine = Convert.ToBase64String(signer.PublicKey);
        await using var db = database.ForOrganization(organizationId);
        var known = await db.AuditPublicKeys.OrderBy(key => key.FirstUsedAt).Select(key => key.PublicKey).ToListAsync(cancellation);
        if (known.Contains(mine) && known[^1] != mine)
        {
            log.SignedAt = time.GetUtcNow();
            Log.KeySuperseded(logger, organizationId);
            return false;
        }

        var last = await db.LastCheckpointAsync(cancellation);
        if (last is null || signer.HasSigned(last)) return true;
        var key = new VerifierKey(AuditLeaf.OriginOf(organizationId), signer.PublicKey).ToString();
        if (!await db.AuditEvents.AnyAsync(entry => entry.Action == AuditSigner.Rotated && entry.ResourceRef == key, cancellation))
        {
            audit.Record(db, Actor.System(organizationId), AuditSigner.Rotated, "audit_key", key);
            await db.SaveChangesAsync(cancellation);
        }

        await SequenceAllAsync(organizationId, log, cancellation); // The announcement has its place before the key signs.
        return true;
    }

    private async Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> LockAsync(GovernanceDbContext db, Guid organizationId, CancellationToken cancellation)
    {
        // SQLite lets one transaction write at a time; PostgreSQL is asked for a lock on the log.
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        if (database.Provider == DatabaseProvider.Postgres)
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({AuditLeaf.OriginOf(organizationId)}, 0))", cancellation);
        return transaction;
    }

    /// <summary>The right edge of the tree as the database has it.</summary>
    private static async Task<TreeEdge> EdgeAsync(GovernanceDbContext db, Guid organizationId, LogState log, CancellationToken cancellation)
    {
        var size = await db.SizeOfLogAsync(cancellation);
        if (log.Edge is { } known && known.Size == size) return known;
        return log.Edge = await new AuditHashes(db, organizationId).EdgeAsync(size, cancellation);
    }

    /// <summary>What this process knows of a log.</summary>
    private sealed class LogState
    {
        public TreeEdge? Edge { get; set; }

        public DateTimeOffset SignedAt { get; set; }

        public long Waiting { get; set; }
    }
}
