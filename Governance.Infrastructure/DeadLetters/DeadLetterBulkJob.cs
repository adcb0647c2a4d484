using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>
/// Does what was begun to many items, in the order of their ids and in pieces. Each process looks for it; whoever moves an operation's
/// place on does the piece behind it, and the other's transaction finds that it lost.
/// </summary>
internal sealed class DeadLetterBulkJob(GovernanceDatabase database, AuditTrail audit, TimeProvider time, IOptions<WorkQueueOptions> options) : IJob
{
    /// <summary>Small enough that nobody waits long for the lock of a piece, large enough that the commits do not add up.</summary>
    internal const int Piece = 1000;

    /// <summary>How many ids are looked up at once.</summary>
    private const int Ahead = 10 * Piece;

    public string Name => "dead-letter-bulk";

    public TimeSpan Interval => options.Value.PollInterval;

    public JobScope Scope => JobScope.EveryProcess;

    public async Task RunAsync(CancellationToken cancellation)
    {
        List<DeadLetterBulk> running;
        await using (var db = database.AcrossOrganizations())
        {
            running = await db.DeadLetterBulks.AsNoTracking().Where(bulk => bulk.State == DeadLetterBulkState.Running)
                .OrderBy(bulk => bulk.RequestedAt).ThenBy(bulk => bulk.Id).ToListAsync(cancellation);
        }

        foreach (var bulk in running)
        {
            while (await AdvanceAsync(bulk.OrganizationId, bulk.Id, Ahead / Piece, cancellation))
            {
                // There is more of it.
            }
        }
    }

    /// <summary>Does some pieces.</summary>
    /// <returns>Whether there is more for this process to do: not if it ended, or if another process has it.</returns>
    internal async Task<bool> AdvanceAsync(Guid organizationId, Guid bulkId, int pieces, CancellationToken cancellation)
    {
        DeadLetterBulk? bulk;
        List<Guid> ids;
        await using (var db = database.ForOrganization(organizationId))
        {
            bulk = await db.DeadLetterBulks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == bulkId, cancellation);
            if (bulk is not { State: DeadLetterBulkState.Running }) return false;
            ids = await Rest(db, bulk).OrderBy(item => item.Id).Select(item => item.Id).Take(Ahead).ToListAsync(cancellation);
        }

        var chunks = ids.Count == 0 ? [[]] : ids.Chunk(Piece).ToList();
        foreach (var (index, chunk) in chunks.Take(pieces).Index())
        {
            var isLast = ids.Count < Ahead && index == chunks.Count - 1;
            if (!await DoPieceAsync(bulk, chunk, isLast, cancellation) || isLast) return false;
        }

        return true;
    }

    /// <returns>False if another process did it, or somebody cancelled it.</returns>
    private async Task<bool> DoPieceAsync(DeadLetterBulk bulk, Guid[] ids, bool isLast, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(bulk.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var (id, from, to) = (bulk.Id, bulk.Place, ids.Length == 0 ? bulk.Place : ids[^1]);
        var ours = await db.DeadLetterBulks.Where(row => row.Id == id && row.State == DeadLetterBulkState.Running && row.Place == from)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Place, to), cancellation);
        if (ours == 0) return false;

        var items = Rest(db, bulk).Where(item => ids.Contains(item.Id));
        var done = ids.Length == 0 ? 0 : bulk.Action == DeadLetterBulkAction.Retry ? await items.RetryAsync(now, cancellation) : await items.DiscardAsync(now, cancellation);
        await db.DeadLetterBulks.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Done + done), cancellation);
        (bulk.Place, bulk.Done) = (to, bulk.Done + done);
        if (isLast) await FinishAsync(db, bulk, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>What matches behind the place it came to. What failed after it was begun is not meant.</summary>
    private static IQueryable<WorkItem> Rest(GovernanceDbContext db, DeadLetterBulk bulk)
    {
        var begun = bulk.RequestedAt;
        var items = bulk.Filter.Narrow(db.WorkItems, begun).Where(item => item.CreatedAt <= begun && (item.QuarantinedAt == null || item.QuarantinedAt <= begun));
        return bulk.Place is { } place ? items.Where(item => item.Id > place) : items;
    }

    private async Task FinishAsync(GovernanceDbContext db, DeadLetterBulk bulk, DateTimeOffset now, CancellationToken cancellation)
    {
        await db.DeadLetterBulks.Where(row => row.Id == bulk.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, DeadLetterBulkState.Finished).SetProperty(row => row.EndedAt, now), cancellation);
        audit.Record(db, Actor.System(bulk.OrganizationId), "dead_letter.bulk_finished", "dead_letter", bulk.PublicId, new { bulk.Action, bulk.Matched, bulk.Done });
    }
}
