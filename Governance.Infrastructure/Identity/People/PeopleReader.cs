using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Invitations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.People;

/// <summary>Reads people as one actor may see them, over one context.</summary>
internal sealed class PeopleReader(GovernanceDbContext db, Reach reach, DateTimeOffset now, DateOnly today, bool withSessions)
{
    private readonly List<Guid> _teams = [.. reach.Teams];

    public DateOnly Today => today;

    /// <summary>The people the actor may see.</summary>
    public IQueryable<Person> People() => reach.Everything
        ? db.Users
        : db.Users.Where(person => db.TeamMemberships.Any(membership =>
            membership.PersonId == person.Id && _teams.Contains(membership.TeamId) && membership.From <= today && (membership.To == null || membership.To >= today)));

    /// <summary>People and open invitations that a filter leaves, in no order yet.</summary>
    public IQueryable<PeopleEntry> Entries(PeopleFilter filter)
    {
        var entries = filter.State switch
        {
            PersonState.Invited => Invited(filter),
            PersonState.Active => Persons(filter).Where(person => person.DisabledAt == null).Select(PersonEntry),
            PersonState.Disabled => Persons(filter).Where(person => person.DisabledAt != null).Select(PersonEntry),
            _ => Persons(filter).Select(PersonEntry).Concat(Invited(filter)),
        };
        if (string.IsNullOrWhiteSpace(filter.Search)) return entries;

        // Databases fold the case of letters beyond a to z differently; one of these matches either way.
        var text = filter.Search.Trim();
        var (upper, lower) = (text.ToUpperInvariant(), text.ToLowerInvariant());
#pragma warning disable CA1304, CA1311, CA1862 // It runs in the database, which knows no culture of ours.
        return entries.Where(entry =>
            entry.Name.Contains(text) || entry.Name.ToUpper().Contains(upper) || entry.Name.ToLower().Contains(lower) || entry.Email.ToUpper().Contains(upper));
#pragma warning restore CA1304, CA1311, CA1862
    }

    /// <summary>Fills in what one page of entries shows beside names.</summary>
    public async Task<IReadOnlyList<PersonRow>> ToRowsAsync(IReadOnlyList<PeopleEntry> entries, CancellationToken cancellation)
    {
        var people = entries.Where(entry => !entry.IsInvitation).Select(entry => entry.Id).ToList();
        var invitationIds = entries.Where(entry => entry.IsInvitation).Select(entry => entry.Id).ToList();
        var disabled = await db.Users.Where(person => people.Contains(person.Id) && person.DisabledAt != null).Select(person => person.Id).ToListAsync(cancellation);
        var invitations = await db.Invitations.AsNoTracking().Where(invitation => invitationIds.Contains(invitation.Id))
            .ToDictionaryAsync(invitation => invitation.Id, cancellation);
        var roles = await RolesOfAsync(people, cancellation);
        var teams = await TeamsOfAsync(people, cancellation);
        var seen = await LastSeenAsync(people, cancellation);
        var names = await ScopeNames.LoadAsync(db, cancellation);
        return
        [
            .. entries.Select(entry => invitations.TryGetValue(entry.Id, out var invitation)
                ? new PersonRow(entry.Id, entry.Name, entry.Email, PersonState.Invited, entry.AddedAt, invitation.ExpiresAt, null,
                    names.Held(invitation), names.TeamOf(invitation) is { } team ? [team] : [])
                : new PersonRow(entry.Id, entry.Name, entry.Email, disabled.Contains(entry.Id) ? PersonState.Disabled : PersonState.Active, entry.AddedAt,
                    null, seen.TryGetValue(entry.Id, out var at) ? at : null, [.. roles[entry.Id]], [.. teams[entry.Id]])),
        ];
    }

    /// <summary>The roles people hold now.</summary>
    public async Task<ILookup<Guid, RoleHeld>> RolesOfAsync(IReadOnlyList<Guid> people, CancellationToken cancellation)
    {
        var names = await ScopeNames.LoadAsync(db, cancellation);
        var grants = await db.RoleGrants.AsNoTracking()
            .Where(grant => people.Contains(grant.PersonId) && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
            .OrderBy(grant => grant.GrantedAt).ThenBy(grant => grant.Id).ToListAsync(cancellation);
        return grants.ToLookup(grant => grant.PersonId, names.Held);
    }

    /// <summary>When people were last seen; nobody for who may not see sessions.</summary>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> LastSeenAsync(IReadOnlyList<Guid> people, CancellationToken cancellation) => withSessions
        ? await db.Sessions.Where(session => people.Contains(session.PersonId)).GroupBy(session => session.PersonId)
            .Select(sessions => new { sessions.Key, At = sessions.Max(session => session.LastSeenAt) }).ToDictionaryAsync(row => row.Key, row => row.At, cancellation)
        : new Dictionary<Guid, DateTimeOffset>();

    private static readonly System.Linq.Expressions.Expression<Func<Person, PeopleEntry>> PersonEntry = person => new PeopleEntry
    {
        Id = person.Id, Name = person.DisplayName, Email = person.Email!, AddedAt = person.CreatedAt, IsInvitation = false,
    };

    private static readonly System.Linq.Expressions.Expression<Func<Invitation, PeopleEntry>> InvitationEntry = invitation => new PeopleEntry
    {
        Id = invitation.Id, Name = invitation.DisplayName, Email = invitation.Email, AddedAt = invitation.CreatedAt, IsInvitation = true,
    };

    private IQueryable<Person> Persons(PeopleFilter filter)
    {
        var people = People();
        if (filter.TeamId is { } team)
            people = people.Where(person => db.TeamMemberships.Any(membership =>
                membership.PersonId == person.Id && membership.TeamId == team && membership.From <= today && (membership.To == null || membership.To >= today)));
        if (filter.Role is { } role)
            people = people.Where(person => db.RoleGrants.Any(grant =>
                grant.PersonId == person.Id && grant.Role == role && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now)));
        return people;
    }

    private IQueryable<PeopleEntry> Invited(PeopleFilter filter)
    {
        var invitations = db.Invitations.Where(invitation => invitation.AcceptedAt == null && invitation.WithdrawnAt == null);
        if (!reach.Everything) invitations = invitations.Where(invitation => _teams.Contains(invitation.TeamId!.Value));
        if (filter.TeamId is { } team) invitations = invitations.Where(invitation => invitation.TeamId == team);
        if (filter.Role is { } role) invitations = invitations.Where(invitation => invitation.Role == role);
        return invitations.Select(InvitationEntry);
    }

    private async Task<ILookup<Guid, TeamName>> TeamsOfAsync(IReadOnlyList<Guid> people, CancellationToken cancellation)
    {
        var rows = await (
            from membership in db.TeamMemberships
            join team in db.Teams on membership.TeamId equals team.Id
            where people.Contains(membership.PersonId) && membership.From <= today && (membership.To == null || membership.To >= today)
            orderby team.Name, membership.Id
            select new { membership.PersonId, team.Id, team.Name, membership.IsLead }).ToListAsync(cancellation);
        return rows.ToLookup(row => row.PersonId, row => new TeamName(row.Id, row.Name, row.IsLead));
    }
}
