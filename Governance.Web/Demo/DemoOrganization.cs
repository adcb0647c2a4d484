using System.Net.Http.Headers;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit.Streaming;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Web.Sandbox;

namespace Governance.Web.Demo;

/// <summary>Builds the demo organisation through the product's own services and its own proxy.</summary>
internal sealed class DemoOrganization(
    OrganizationService organizations, ApplicationService applications, DemoPeople people, DemoKeys keys, ServiceAccountService accounts,
    PriceBooks prices, UsageImport usage, DemoGrants grants, DemoReviews reviews, DemoFilters filters, DemoConnections connections, AuditWebhookService receivers, TimeProvider time)
{
    private static IReadOnlyList<string> ReadsEverything => [.. Permissions.All.Where(permission => !permission.Writes).Select(permission => permission.Name)];

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
        await grants.CreateAsync(organization.Id, cancellation);
        await ImportAsync(actor, organization.Zone, keyOf, cancellation);
        await reviews.CreateAsync(actor, organization.Zone, cancellation);
        await filters.CreateAsync(organization.Id, cancellation);

        var proxyKey = keyOf[DemoCompany.Applications[0].Name].Secret;
        await CallProxyAsync(url, proxyKey, cancellation);
        return new DemoAccess(url, organization.Name, users, proxyKey, apiToken);
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

    /// <summary>A few real calls, so that the proxy's own facts can be seen too.</summary>
    private static async Task CallProxyAsync(string url, string key, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        string[] questions = ["Where is my order?", "How do I change my address?", "Can I return a gift?", "Which sizes are in stock?"];
        foreach (var (index, question) in questions.Index())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/openai/v1/chat/completions")
            {
                Content = JsonContent.Create(new
                {
                    model = index % 2 == 0 ? "gpt-5-mini" : "gpt-5.6-luna",
                    stream = index % 2 == 1,
                    user = "shopper@customer.example",
                    messages = new[] { new { role = "user", content = question } },
                }),
            };
            request.Headers.Add("x-governance-tags", "feature=chat, channel=web");
            using var response = await client.SendAsync(request, cancellation);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(cancellation);
        }
    }
}
