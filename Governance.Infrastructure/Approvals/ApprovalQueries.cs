using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Approvals;

/// <summary>A proposed change as lists show it.</summary>
/// <param name="Request">The change.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="Requester">The name of whoever proposed it.</param>
/// <param name="Beneficiary">The name of whoever would gain from it.</param>
/// <param name="Decider">The name of whoever decided it.</param>
public sealed record ApprovalRow(ApprovalRequest Request, ApprovalState State, string? Requester, string? Beneficiary, string? Decider);

/// <summary>A proposed change with what the reader may do about it.</summary>
/// <param name="Row">The change.</param>
/// <param name="MayDecide">Whether they may approve or reject it.</param>
/// <param name="MayWithdraw">Whether they may take it back.</param>
/// <param name="MayWaive">Whether they may apply it alone, because nobody else could decide it.</param>
/// <param name="Deciders">The names of those who could decide it, while it is pending.</param>
public sealed record ApprovalDetail(ApprovalRow Row, bool MayDecide, bool MayWithdraw, bool MayWaive, IReadOnlyList<string> Deciders);

/// <summary>How many proposals wait.</summary>
/// <param name="ToDecide">For the reader to decide.</param>
/// <param name="Mine">Proposed by the reader, and not decided yet.</param>
public sealed record ApprovalCounts(int ToDecide, int Mine);

/// <summary>
/// Proposed changes as lists. One sees what one may decide, what one proposed or decided, what one would gain from, and with
/// <see cref="Permissions.ApprovalsRead"/> all.
/// </summary>
public sealed class ApprovalQueries(GovernanceDatabase database, AccessControl access, ApprovalRules rules, TimeProvider time)
{
    public async Task<Page<ApprovalRow>> ListAsync(Actor actor, ApprovalFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        size = Math.Clamp(size, 1, Page<ApprovalRow>.MaxSize);
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var query = filter.Narrow(await SeenAsync(db, actor, filter.View, now, cancellation), now);
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var after)) return new Page<ApprovalRow>([], null);
            query = query.Where(row => row.RequestedAt < after.At || (row.RequestedAt == after.At && row.Id < after.Id));
        }

        var rows = await query.OrderByDescending(row => row.RequestedAt).ThenByDescending(row => row.Id).Take(size + 1).ToListAsync(cancellation);
        var next = rows.Count > size ? new PageCursor(rows[size - 1].RequestedAt, rows[size - 1].Id).ToString() : null;
        return new Page<ApprovalRow>(await ToRowsAsync(db, [.. rows.Take(size)], now, cancellation), next);
    }

    /// <returns>None if there is no such proposal, or it is none of the actor's business.</returns>
    public async Task<ApprovalDetail?> FindAsync(Actor actor, Guid requestId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var request = await db.ApprovalRequests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == requestId, cancellation);
        if (request is null || !await MaySeeAsync(actor, request, cancellation)) return null;

        var row = (await ToRowsAsync(db, [request], now, cancellation))[0];
        if (row.State != ApprovalState.Pending) return new ApprovalDetail(row, false, false, false, []);
        var deciders = await ApprovalRules.OthersAsync(db, request, now, cancellation);
        return new ApprovalDetail(
            row,
            await rules.CheckDeciderAsync(db, actor, request, cancellation) is null,
            await ApprovalRules.CheckRequesterAsync(db, actor, request, cancellation) is null,
            await rules.CheckWaiverAsync(db, actor, request, cancellation) is null,
            [.. deciders.Select(decider => decider.Name)]);
    }

    public async Task<ApprovalCounts> CountAsync(Actor actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var mine = await db.ApprovalRequests.CountAsync(row => row.RequestedBy == actor.Id && row.State == ApprovalState.Pending && row.ExpiresAt > now, cancellation);
        return new ApprovalCounts((await ToDecideAsync(db, actor, now, cancellation)).Count, mine);
    }

    private async Task<IQueryable<ApprovalRequest>> SeenAsync(
        GovernanceDbContext db, Actor actor, ApprovalView view, DateTimeOffset now, CancellationToken cancellation)
    {
        var all = db.ApprovalRequests.AsNoTracking();
        if (view == ApprovalView.ToDecide)
        {
            var ids = await ToDecideAsync(db, actor, now, cancellation);
            return all.Where(row => ids.Contains(row.Id));
        }

        if (view == ApprovalView.Mine) return all.Where(row => row.RequestedBy == actor.Id);
        return await access.MayAsync(actor, Permissions.ApprovalsRead, cancellation)
            ? all
            : all.Where(row => row.RequestedBy == actor.Id || row.DecidedBy == actor.Id || row.BeneficiaryId == actor.Id);
    }

    /// <summary>What waits is little, because it expires: what of it the actor may decide is found out row by row.</summary>
    private async Task<List<Guid>> ToDecideAsync(GovernanceDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        var waiting = await db.ApprovalRequests
            .Where(row => row.State == ApprovalState.Pending && row.ExpiresAt > now && row.RequestedBy != actor.Id && (row.BeneficiaryId == null || row.BeneficiaryId != actor.Id))
            .Select(row => new { row.Id, row.Permission, row.ScopeKind, row.ScopeId }).ToListAsync(cancellation);
        var found = new List<Guid>();
        foreach (var row in waiting)
        {
            if ((await access.ReachAsync(actor, row.Permission, cancellation)).Covers(new AccessScope(row.ScopeKind, row.ScopeId))) found.Add(row.Id);
        }

        return found;
    }

    private async Task<bool> MaySeeAsync(Actor actor, ApprovalRequest request, CancellationToken cancellation) =>
        actor.Id == request.RequestedBy || (actor.Id is not null && (actor.Id == request.DecidedBy || actor.Id == request.BeneficiaryId))
        || await access.MayAsync(actor, Permissions.ApprovalsRead, cancellation)
        || (await access.ReachAsync(actor, request.Permission, cancellation)).Covers(request.Scope);

    private static async Task<IReadOnlyList<ApprovalRow>> ToRowsAsync(
        GovernanceDbContext db, IReadOnlyList<ApprovalRequest> requests, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = requests.SelectMany(request => new[] { request.RequestedBy, request.BeneficiaryId, request.DecidedBy }).OfType<Guid>().Distinct().ToList();
        var names = await db.Users.Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.DisplayName, cancellation);
        return [.. requests.Select(request => new ApprovalRow(
            request, request.StateAt(now), Name(request.RequestedBy), Name(request.BeneficiaryId), Name(request.DecidedBy)))];

        string? Name(Guid? id) => id is { } known ? names.GetValueOrDefault(known, "somebody who left") : null;
    }
}
