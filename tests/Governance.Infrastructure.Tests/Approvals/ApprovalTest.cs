using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Approvals;

/// <summary>Two administrators, Ada and Chiara, and Bob, who is to become an auditor: that needs approval.</summary>
public abstract class ApprovalTest : ProductTest
{
    protected ApprovalService Approvals => Get<ApprovalService>();

    protected Person Bob { get; private set; } = null!;

    protected Actor Ada { get; private set; } = null!;

    protected Actor Chiara { get; private set; } = null!;

    protected async Task PeopleAsync()
    {
        Ada = await PersonAsync("ada", Roles.SystemAdmin);
        Chiara = await PersonAsync("chiara", Roles.SystemAdmin);
        Bob = await Tenant.AddPersonAsync(Process.Services, "bob@example.org", "correct horse battery", Roles.CostViewer);
    }

    protected async Task<Actor> PersonAsync(string name, string role, AccessScope scope = default) =>
        Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, $"{name}@example.org", "correct horse battery", role, scope));

    protected NewGrant Auditor(DateTimeOffset? until = null) => new(Bob.Id, Roles.Auditor, default, until, "The yearly audit");

    protected async Task<ApprovalRequest> ProposeAsync(NewGrant? grant = null) =>
        (await Get<GrantService>().GrantAsync(Ada, grant ?? Auditor(), default)).Required().Approval!;

    protected Task<ApprovalRequest> RowAsync(Guid id) => QueryAsync(db => db.ApprovalRequests.AsNoTracking().SingleAsync(row => row.Id == id));

    protected Task<int> AuditorGrantsAsync() => QueryAsync(db => db.RoleGrants.CountAsync(grant => grant.Role == Roles.Auditor && grant.RevokedAt == null));

    /// <summary>What was recorded, by name: while the clock stands still there is no other order.</summary>
    protected Task<List<string>> AuditAsync(string prefix) =>
        QueryAsync(db => db.AuditEvents.Where(row => row.Action.StartsWith(prefix)).OrderBy(row => row.Action).Select(row => row.Action).ToListAsync());

    protected async Task RevokeAllAsync(Guid person)
    {
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            var now = Clock.GetUtcNow();
            await db.RoleGrants.Where(grant => grant.PersonId == person).ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now));
        }

        Get<AccessDirectory>().Forget();
    }
}
