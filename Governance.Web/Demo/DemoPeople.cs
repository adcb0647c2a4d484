using System.Buffers.Text;
using System.Security.Cryptography;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Organizations;

namespace Governance.Web.Demo;

/// <summary>Makes the demo's teams and people: who leads, who moved, who left and who is invited.</summary>
internal sealed class DemoPeople(
    TeamService teams, TeamMembershipService memberships, PersonService people, PersonLifecycleService lifecycle, PersonErasureService erasure, InvitationService invitations, TimeProvider time)
{
    private const int DaysSinceLeaving = 12;

    public async Task<IReadOnlyDictionary<string, Guid>> CreateTeamsAsync(Actor actor, CancellationToken cancellation)
    {
        var created = new Dictionary<string, Guid>();
        foreach (var team in DemoCompany.Teams)
            created[team.Name] = (await teams.CreateAsync(actor, team.Name, team.Parent is null ? null : created[team.Parent], cancellation)).ForDemo();
        return created;
    }

    /// <summary>Creates everybody; answers the first person of each role.</summary>
    public async Task<IReadOnlyList<DemoUser>> CreateAsync(
        Actor actor, IReadOnlyDictionary<string, Guid> teamOf, ReportingZone zone, CancellationToken cancellation)
    {
        var today = zone.DayOf(time.GetUtcNow());
        var (users, idOf) = (new List<DemoUser>(), new Dictionary<DemoPerson, Guid>());
        foreach (var person in DemoCompany.People)
        {
            var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
            var scope = ScopeOf(person, teamOf);
            var created = (await people.CreateAsync(actor, new NewPerson(person.Name, person.Email, password, person.Role, scope), cancellation)).ForDemo();
            idOf[person] = created.Id;
            await JoinAsync(actor, person, created.Id, teamOf, today, cancellation);
            if (person.HasLeft) (await lifecycle.DisableAsync(actor, created.Id, cancellation)).ForDemo();
            else if (users.All(user => user.Role != person.Role)) users.Add(new DemoUser(person.Role, person.Email, password));
        }

        foreach (var erased in DemoCompany.People.Where(person => person.IsErased))
            (await erasure.EraseAsync(actor, idOf[erased], "Asked for it after leaving; nothing has to be kept any longer.", cancellation)).ForDemo();

        foreach (var invited in DemoCompany.Invited)
        {
            var request = new NewInvitation(invited.Name, invited.Email, invited.Role, ScopeOf(invited, teamOf), teamOf[invited.Team]);
            (await invitations.InviteAsync(actor, request, cancellation)).ForDemo();
        }

        return users;
    }

    private async Task JoinAsync(
        Actor actor, DemoPerson person, Guid id, IReadOnlyDictionary<string, Guid> teamOf, DateOnly today, CancellationToken cancellation)
    {
        var joined = today.AddMonths(-person.MonthsAgo);
        var from = joined;
        if (person.Before is { } before)
        {
            from = today.AddMonths(-person.MonthsAgo / 2);
            (await memberships.AddAsync(actor, new NewMembership(teamOf[before], id, joined, from.AddDays(-1)), cancellation)).ForDemo();
        }

        var until = person.HasLeft ? today.AddDays(-DaysSinceLeaving) : (DateOnly?)null;
        (await memberships.AddAsync(actor, new NewMembership(teamOf[person.Team], id, from, until, person.Leads), cancellation)).ForDemo();
    }

    private static AccessScope ScopeOf(DemoPerson person, IReadOnlyDictionary<string, Guid> teamOf) =>
        person.Role is Roles.TeamLead or Roles.Member ? AccessScope.Team(teamOf[person.Team]) : AccessScope.Organization;
}
