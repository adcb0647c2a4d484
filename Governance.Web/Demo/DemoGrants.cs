using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Demo;

/// <summary>Gives the demo a role of its own, a grant that ends, and proposals: one that waits, one that was approved, one that expired.</summary>
internal sealed class DemoGrants(GovernanceDatabase database, RoleService roles, GrantService grants, ApprovalService approvals, TimeProvider time)
{
    private static readonly RoleDraft KeyKeeper = new(
        "key_keeper", "Key keeper", "Creates and rotates the keys of a team's applications.", [Permissions.KeysWrite], [Roles.Member]);

    public async Task CreateAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var people = await db.Users.ToDictionaryAsync(person => person.Email!, person => person.Id, cancellation);
        var teams = await db.Teams.ToDictionaryAsync(team => team.Name, team => team.Id, cancellation);
        var administrators = DemoCompany.People.Where(person => person.Role == Roles.SystemAdmin).Select(person => Acting(person.Mailbox)).ToList();
        var (first, second) = (administrators[0], administrators[1]);

        Check(await roles.CreateAsync(Actor.System(organizationId), KeyKeeper, cancellation));
        await GrantAsync(first, "julia.weber", Roles.TeamLead, AccessScope.Team(teams["Data Science"]), "Leads the team while Ivan is on parental leave.", days: 90);

        var keeper = await GrantAsync(first, "elif.yilmaz", KeyKeeper.Name, AccessScope.Team(teams["Customer Care"]), "Rotates the keys of the team's applications.");
        Check(await approvals.ApproveAsync(second, keeper.Id, "Agreed with the team.", cancellation));

        await GrantAsync(first, "bruno.costa", Roles.Auditor, default, "Prepares the internal audit of the quarter.", days: 60);

        var forgotten = await GrantAsync(second, "grace.mensah", Roles.ComplianceOfficer, default, "Covers for the compliance team in the summer.");
        await BackdateAsync(db, forgotten, cancellation);

        Actor Acting(string mailbox) => new(ActorKind.Person, people[$"{mailbox}@meridian.example"], organizationId);

        async Task<ApprovalRequest> GrantAsync(Actor actor, string mailbox, string role, AccessScope scope, string reason, int? days = null)
        {
            DateTimeOffset? end = days is { } known ? time.GetUtcNow().AddDays(known) : null;
            var result = await grants.GrantAsync(actor, new NewGrant(people[$"{mailbox}@meridian.example"], role, scope, end, reason), cancellation);
            Check(new Result(result.Refusal));
            return result.Value!.Approval!;
        }
    }

    /// <summary>The demo's history is made up: this proposal was made so long ago that nobody can decide it any more.</summary>
    private async Task BackdateAsync(GovernanceDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var (proposed, expired) = (time.GetUtcNow().AddDays(-40), time.GetUtcNow().AddDays(-26));
        await db.ApprovalRequests.Where(row => row.Id == request.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.RequestedAt, proposed).SetProperty(row => row.ExpiresAt, expired), cancellation);
    }

    private static void Check(Result result)
    {
        if (!result.Succeeded) throw new InvalidOperationException($"Demo data could not be made: {result.Refusal.Message}");
    }
}
