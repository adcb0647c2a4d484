using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.People;

/// <summary>People and invitations as lists and one by one. A reader whose reach is a team finds who belongs to it or to those below.</summary>
public sealed class PeopleQueries(GovernanceDatabase database, AccessControl access, SettingsDirectory settings, TimeProvider time)
{
    public const int MaxPageSize = 200;
    public const int DefaultPageSize = 50;

    /// <summary>One page of people, and how many there are in all.</summary>
    /// <param name="actor">Who asks; people outside what they may see are not there.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="order">In which order; the id decides between equals.</param>
    /// <param name="number">Which page, from 1; beyond the last, the last.</param>
    /// <param name="size">How many rows, at most <see cref="MaxPageSize"/>.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<PeopleList> ListAsync(Actor actor, PeopleFilter filter, PeopleOrder order, int number, int size, CancellationToken cancellation)
    {
        size = Math.Clamp(size, 1, MaxPageSize);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var reader = await ReaderAsync(db, actor, cancellation);
        var entries = reader.Entries(filter);
        var total = await entries.CountAsync(cancellation);
        number = Math.Clamp(number, 1, Math.Max(1, (total + size - 1) / size));
        var page = await order.Apply(entries).Skip((number - 1) * size).Take(size).ToListAsync(cancellation);
        return new PeopleList(await reader.ToRowsAsync(page, cancellation), total, number, size);
    }

    /// <summary>One person; none if there is no such person, or the actor may not see them.</summary>
    public async Task<PersonDetail?> FindAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var reader = await ReaderAsync(db, actor, cancellation);
        var person = await reader.People().AsNoTracking().SingleOrDefaultAsync(person => person.Id == personId, cancellation);
        if (person is null) return null;

        var memberships = await (
            from membership in db.TeamMemberships
            join team in db.Teams on membership.TeamId equals team.Id
            where membership.PersonId == personId
            select new { Membership = membership, team.Name }).AsNoTracking().ToListAsync(cancellation);
        var disabledBy = person.DisabledBy is null
            ? null
            : await db.Users.Where(other => other.Id == person.DisabledBy).Select(other => other.DisplayName).SingleOrDefaultAsync(cancellation);
        return new PersonDetail(
            person,
            disabledBy,
            [
                .. memberships
                    .Select(row => new MembershipOfPerson(row.Membership.Id, row.Membership.TeamId, row.Name, row.Membership.IsLead,
                        row.Membership.From, row.Membership.To, row.Membership.IsCurrent(reader.Today)))
                    .OrderByDescending(row => row.IsCurrent).ThenByDescending(row => row.From).ThenBy(row => row.TeamName, StringComparer.CurrentCulture),
            ],
            (await reader.RolesOfAsync([personId], cancellation))[personId].ToList(),
            await reader.LastSeenAsync([personId], cancellation) is { Count: > 0 } seen ? seen[personId] : null,
            await OpenSessionsAsync(db, actor, personId, cancellation),
            await db.VirtualKeys.CountAsync(key => key.OwnerId == personId && key.RevokedAt == null, cancellation),
            await db.Authenticators.AnyAsync(row => row.PersonId == personId && row.Secret != null, cancellation)
                || await db.UserPasskeys.AnyAsync(passkey => passkey.UserId == personId, cancellation),
            await db.DataKeys.Where(key => key.Owner == DataKeyOwner.Person && key.OwnerId == personId && key.ErasedAt != null)
                .Select(key => new ErasedPerson(key.ErasedAt!.Value, key.Id)).SingleOrDefaultAsync(cancellation));
    }

    /// <summary>The roles by which a list can be filtered, and with which somebody can be invited.</summary>
    public async Task<IReadOnlyList<RoleDefinition>> RolesAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.PeopleRead, cancellation)) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        return [.. (await db.LoadRoleCatalogAsync(cancellation)).All];
    }

    private async Task<int> OpenSessionsAsync(GovernanceDbContext db, Actor actor, Guid personId, CancellationToken cancellation)
    {
        var (limits, now) = (await settings.GetAsync(actor.OrganizationId, cancellation), time.GetUtcNow());
        var sessions = await db.Sessions.AsNoTracking()
            .Where(session => session.PersonId == personId && session.EndedAt == null && session.ExpiresAt > now).ToListAsync(cancellation);
        return sessions.Count(session => session.Holds(now, limits));
    }

    private async Task<PeopleReader> ReaderAsync(GovernanceDbContext db, Actor actor, CancellationToken cancellation)
    {
        var organization = await db.Organizations.AsNoTracking().SingleAsync(cancellation);
        var now = time.GetUtcNow();
        return new PeopleReader(
            db, await access.ReachAsync(actor, Permissions.PeopleRead, cancellation), now, organization.Zone.DayOf(now),
            await access.MayAsync(actor, Permissions.SessionsRead, cancellation));
    }
}
