using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Audit.Streaming;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Web.Sandbox;

namespace Governance.Web.Demo;

/// <summary>Builds the demo organisation through the product's own services and its own proxy.</summary>
internal sealed class DemoOrganization(
    OrganizationService organizations, ApplicationService applications, DemoPeople people, DemoKeys keys, ServiceAccountService accounts,
    PriceBooks prices, UsageImport usage, EstimatorCalibration calibration, DemoCharges charges, DemoGrants grants, DemoReviews reviews, DemoFilters filters,
    DemoConnections connections, DemoBudgets budgets, DemoLimits limits, DemoResilience resilience, DemoDeadLetters deadLetters, ResponseCacheService caches, AuditWebhookService receivers, CaptureRuleService rules, TimeProvider time)
{
    /// <summary>Prompts and completions are for people who answer for it, not for reports.</summary>
    private static IReadOnlyList<string> ReadsEverything =>
        [.. Permissions.All.Where(permission => !permission.Writes && permission.Name != Permissions.ContentRead).Select(permission => permission.Name)];

    private const int DaysPerImport = 30;

    public async Task<DemoAccess> CreateAsync(string url, CancellationToken cancellation)
    {
        Console.WriteLine("Making demo data …");
        var organization = (await organizations.CreateAsync(
            new NewOrganization(DemoCompany.Name, DemoCompany.TimeZone, DemoCompany.Currency, IsDemo: true, SecondFactorRoles: []), cancellation)).ForDemo();
        var actor = Actor.System(organization.Id);
        var teamOf = await people.CreateTeamsAsync(actor, cancellation);
        var rows = await CreateApplicationsAsync(actor, cancellation);
        var users = await people.CreateAsync(actor, teamOf, organization.Zone, cancellation);
        var keyOf = await keys.CreateAsync(actor, rows, cancellation);
        var apiToken = (await accounts.CreateAsync(actor, new NewServiceAccount("Reporting (demo)") { Scopes = ReadsEverything }, cancellation)).ForDemo().Secret;

        // Where the program does not listen on this machine's own address, there is no receiver to show.
        await receivers.AddAsync(
            actor, new AuditWebhookDraft("Security monitoring (demo)", url + SandboxEndpoints.Receiver, Enabled: true, AuditSeverity.Notice, []), cancellation);
        await connections.CreateAsync(actor, url, cancellation);
        await resilience.CreateAsync(actor, cancellation);
        await grants.CreateAsync(organization.Id, cancellation);
        await ImportAsync(actor, organization.Zone, keyOf, cancellation);
        var limitedKey = await budgets.CreateAsync(actor, rows, cancellation);
        await calibration.CalibrateAsync(organization.Id, cancellation);
        await charges.CreateAsync(actor, teamOf, organization.Zone.DayOf(time.GetUtcNow()), cancellation);
        await reviews.CreateAsync(actor, organization.Zone, cancellation);
        await filters.CreateAsync(organization.Id, cancellation);

        (await rules.AddAsync(actor, new CaptureChoice(rows[0].Id, null, CapturedSides.Both, RetentionDays: 30, Enabled: true), cancellation)).ForDemo();
        await limits.CreateAsync(actor, teamOf, cancellation);
        var proxyKey = keyOf[DemoCompany.Applications[0].Name].Secret;
        await DemoCalls.MakeAsync(url, proxyKey, cancellation);
        foreach (var application in DemoCompany.Applications.Where(application => application.HasCache))
        {
            (await caches.SetAsync(actor, rows.Single(row => row.Name == application.Name).Id, TimeSpan.FromHours(4), cancellation)).ForDemo();
            await DemoCalls.RepeatAsync(url, keyOf[application.Name].Secret, cancellation);
        }

        await deadLetters.CreateAsync(actor, cancellation);
        return new DemoAccess(url, organization.Name, users, proxyKey, limitedKey.Secret, apiToken);
    }

    private async Task<IReadOnlyList<ApplicationRow>> CreateApplicationsAsync(Actor actor, CancellationToken cancellation)
    {
        var created = new List<ApplicationRow>();
        foreach (var application in DemoCompany.Applications)
            created.Add((await applications.CreateAsync(actor, application.Name, application.Team, cancellation)).ForDemo());

        return created;
    }

    private async Task ImportAsync(Actor actor, ReportingZone zone, Dictionary<string, CreatedKey> keyOf, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var today = zone.DayOf(now);
        var generator = new DemoUsage(await prices.GetAsync(actor.OrganizationId, cancellation), zone, now);
        var days = DayRange.Last(DemoUsage.Days, today).EachDay().ToList();
        foreach (var chunk in days.Chunk(DaysPerImport))
        {
            var calls = new List<ImportedCall>();
            foreach (var day in chunk)
            {
                foreach (var application in DemoCompany.Applications)
                    calls.AddRange(generator.CallsOf(application, keyOf[application.Name].Id, day, today.DayNumber - day.DayNumber));
            }

            (await usage.ImportAsync(actor, calls, cancellation)).ForDemo();
            Console.WriteLine($"  {calls.Count,6:N0} calls up to {chunk[^1]:yyyy-MM-dd}");
        }
    }
}
