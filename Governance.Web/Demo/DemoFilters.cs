using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.SavedFilters;
using Governance.Web.Components;
using Governance.Web.Components.Pages.Audit;
using Governance.Web.Components.Shared;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Demo;

/// <summary>What the demo's auditor looks at again and again.</summary>
internal sealed class DemoFilters(GovernanceDatabase database, SavedFilterService filters, TimeProvider time)
{
    public async Task CreateAsync(Guid organizationId, CancellationToken cancellation)
    {
        var email = DemoCompany.People.First(person => person.Role == Roles.Auditor).Email;
        await using var db = database.ForOrganization(organizationId);
        var auditor = new Actor(ActorKind.Person, await db.Users.Where(person => person.Email == email).Select(person => person.Id).SingleAsync(cancellation), organizationId);
        await SaveAsync("Access, this month", "this-month", new AuditView { Category = AuditCategory.Access });
        await SaveAsync("Refused and failed", PeriodChoice.Default, new AuditView { AtLeast = AuditSeverity.Warning });
        await SaveAsync("Who read personal data", "last-90-days", new AuditView { Action = "personal_data" });

        async Task SaveAsync(string name, string period, AuditView view)
        {
            var choice = PeriodChoice.Parse(period, null, null, null, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
            (await filters.SaveAsync(auditor, SavedFilterService.Audit, name, Links.AuditFilters(choice, view), cancellation)).ForDemo();
        }
    }
}
