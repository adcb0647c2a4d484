using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>The people to whom somebody can hand a key: those they may see, and themselves.</summary>
public sealed class KeyOwners(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<KeyOwner>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        var reach = await access.ReachAsync(actor, Permissions.PeopleRead, cancellation);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var people = db.Users.Where(person => person.DisabledAt == null);
        if (!reach.Everything)
        {
            var today = (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone.DayOf(time.GetUtcNow());
            var teams = reach.Teams.ToList();
            people = people.Where(person => person.Id == actor.Id || db.TeamMemberships.Any(membership =>
                membership.PersonId == person.Id && teams.Contains(membership.TeamId)
                && membership.From <= today && (membership.To == null || membership.To >= today)));
        }

        return await people.OrderBy(person => person.DisplayName).ThenBy(person => person.Id)
            .Select(person => new KeyOwner(person.Id, person.DisplayName, person.Email, null))
            .ToListAsync(cancellation);
    }
}
