using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>Teams as a tree and one by one. A reader whose reach is a team finds it and those below, and nothing beside.</summary>
public sealed class TeamQueries(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    /// <summary>The tree, each team right after the one above it, and teams of one level by name.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="archived">Whether archived teams are in it.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<TeamRow>> TreeAsync(Actor actor, bool archived, CancellationToken cancellation)
    {
        var reach = await access.ReachAsync(actor, Permissions.TeamsRead, cancellation);
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await TreeAsync(db, reach, archived, cancellation);
    }

    /// <summary>One team; none if there is no such team, or the actor may not see it.</summary>
    public async Task<TeamDetail?> FindAsync(Actor actor, Guid teamId, CancellationToken cancellation)
    {
        var reach = await access.ReachAsync(actor, Permissions.TeamsRead, cancellation);
        if (!reach.Covers(AccessScope.Team(teamId))) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var tree = await TreeAsync(db, reach, archived: true, cancellation);
        if (tree.FirstOrDefault(team => team.Id == teamId) is not { } team) return null;

        var applications = await db.Applications.Where(application => application.TeamId == teamId).OrderBy(application => application.Name)
            .Select(application => new ApplicationRow(application.Id, application.Name, teamId, team.Name)).ToListAsync(cancellation);
        return new TeamDetail(
            team, Above(tree, team), [.. tree.Where(other => other.ParentId == teamId && other.ArchivedAt is null)],
            await MembersAsync(db, teamId, cancellation), applications);
    }

    private async Task<IReadOnlyList<TeamRow>> TreeAsync(GovernanceDbContext db, Reach reach, bool archived, CancellationToken cancellation)
    {
        var today = await TodayAsync(db, cancellation);
        var teams = (await db.Teams.AsNoTracking().ToListAsync(cancellation))
            .Where(team => reach.Covers(AccessScope.Team(team.Id)) && (archived || team.ArchivedAt is null)).ToList();
        var members = (await (
            from membership in db.TeamMemberships
            join person in db.Users on membership.PersonId equals person.Id
            where membership.From <= today && (membership.To == null || membership.To >= today)
            orderby person.DisplayName, membership.Id
            select new { membership.TeamId, membership.IsLead, person.DisplayName }).ToListAsync(cancellation)).ToLookup(row => row.TeamId);
        var applications = await db.Applications.GroupBy(application => application.TeamId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellation);
        var known = teams.Select(team => team.Id).ToHashSet();
        var byParent = teams.OrderBy(team => team.Name, StringComparer.CurrentCultureIgnoreCase)
            .ToLookup(team => team.ParentId is { } parent && known.Contains(parent) ? parent : (Guid?)null);
        var rows = new List<TeamRow>();
        AddBelow(null, 0);
        return rows;

        void AddBelow(Guid? parent, int depth)
        {
            foreach (var team in byParent[parent])
            {
                rows.Add(new TeamRow(
                    team.Id, team.Name, parent, depth, [.. members[team.Id].Where(row => row.IsLead).Select(row => row.DisplayName)],
                    members[team.Id].Count(), applications.GetValueOrDefault(team.Id), team.ArchivedAt));
                AddBelow(team.Id, depth + 1);
            }
        }
    }

    private async Task<IReadOnlyList<TeamMember>> MembersAsync(GovernanceDbContext db, Guid teamId, CancellationToken cancellation)
    {
        var today = await TodayAsync(db, cancellation);
        var rows = await (
            from membership in db.TeamMemberships
            join person in db.Users on membership.PersonId equals person.Id
            where membership.TeamId == teamId
            select new { Membership = membership, person.DisplayName, person.Email, person.DisabledAt }).AsNoTracking().ToListAsync(cancellation);
        return
        [
            .. rows
                .Select(row => new TeamMember(
                    row.Membership.Id, row.Membership.PersonId, row.DisplayName, row.Email ?? "", row.DisabledAt is not null, row.Membership.IsLead,
                    row.Membership.From, row.Membership.To, PhaseOf(row.Membership, today)))
                .OrderBy(row => row.Phase).ThenByDescending(row => row.IsLead).ThenBy(row => row.Name, StringComparer.CurrentCultureIgnoreCase)
                .ThenByDescending(row => row.From),
        ];
    }

    private async Task<DateOnly> TodayAsync(GovernanceDbContext db, CancellationToken cancellation) =>
        (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone.DayOf(time.GetUtcNow());

    private static MembershipPhase PhaseOf(TeamMembership membership, DateOnly today) =>
        membership.IsCurrent(today) ? MembershipPhase.Current : membership.From > today ? MembershipPhase.Planned : MembershipPhase.Past;

    private static List<TeamRow> Above(IReadOnlyList<TeamRow> tree, TeamRow team)
    {
        var above = new List<TeamRow>();
        for (var next = team; next.ParentId is { } parent;) above.Insert(0, next = tree.Single(row => row.Id == parent));
        return above;
    }
}
