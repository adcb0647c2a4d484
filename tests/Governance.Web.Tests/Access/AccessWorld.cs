using System.Net;
using AngleSharp.Html.Parser;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests.Access;

/// <summary>
/// An organisation with one person of every built-in role, those of a team in the team Platform; somebody who leads another team; and the
/// administrator of another organisation.
/// </summary>
public sealed class AccessWorld : IAsyncLifetime
{
    /// <summary>Leads the team Legal, to which nothing belongs that the lines are about.</summary>
    public const string OtherTeam = "lead of another team";

    /// <summary>Administers another organisation.</summary>
    public const string OtherOrganization = "administrator of another organisation";

    private const string Password = "a password of fifteen";

    private readonly Dictionary<string, Actor> _actors = [];
    private readonly Dictionary<string, HttpClient> _browsers = [];
    private readonly Dictionary<string, HttpClient> _apis = [];

    public static IReadOnlyList<string> Everybody { get; } = [.. Roles.All, OtherTeam, OtherOrganization];

    public GovernanceServer Server { get; private set; } = null!;

    public Tenant Tenant { get; private set; } = null!;

    public Tenant Other { get; private set; } = null!;

    /// <summary>A call that the tenant's application made.</summary>
    public Guid CallId { get; private set; }

    public ApplicationRow OtherTeamsApplication { get; private set; } = null!;

    public Actor ActorOf(string who) => _actors[who];

    public T Get<T>()
        where T : notnull => Server.Get<T>();

    public async ValueTask InitializeAsync()
    {
        Server = await GovernanceServer.StartAsync(settings: new Dictionary<string, string?> { ["Audit:Anchors:Mail:0"] = "auditor@example.test" });
        Tenant = await Server.AddTenantAsync();
        Other = await Server.AddTenantAsync();
        (OtherTeamsApplication, _) = await Tenant.AddApplicationAsync(Server.Services, "Contracts", "Legal");
        foreach (var role in Roles.All)
        {
            var scope = role is Roles.TeamLead or Roles.Member ? AccessScope.Team(Tenant.Application.TeamId) : default;
            await AddAsync(role, Tenant, role, scope);
        }

        await AddAsync(OtherTeam, Tenant, Roles.TeamLead, AccessScope.Team(OtherTeamsApplication.TeamId));
        await AddAsync(OtherOrganization, Other, Roles.SystemAdmin, default);
        var call = new ImportedCall(TimeProvider.System.GetUtcNow().AddMinutes(-5), Tenant.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 1000));
        (await Get<UsageImport>().ImportAsync(Tenant.Admin, [call], default)).Required();
        var everything = new RequestFilter(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));
        CallId = (await Get<RequestQueries>().ListAsync(Tenant.Admin, everything, null, 1, default)).Items[0].Call.Id;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _browsers.Values.Concat(_apis.Values)) client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A client that is signed in as somebody of the world.</summary>
    public async Task<HttpClient> BrowserOfAsync(string who)
    {
        if (_browsers.TryGetValue(who, out var known)) return known;
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Server.Url) };
        var form = await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync("/account/sign-in"));
        var fields = form.QuerySelector("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        fields["Input.Email"] = Email(who);
        fields["Input.Password"] = Password;
        using var answer = await browser.PostAsync("/account/sign-in", new FormUrlEncodedContent(fields));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return _browsers[who] = browser;
    }

    /// <summary>A client with an access token of somebody of the world.</summary>
    public async Task<HttpClient> ApiOfAsync(string who)
    {
        if (_apis.TryGetValue(who, out var known)) return known;
        await using var db = Get<GovernanceDatabase>().AcrossOrganizations();
        var person = await db.Users.SingleAsync(person => person.Id == _actors[who].Id);
        var tokens = await Get<AccessTokenService>().IssueAsync(person, new TokenClient(null, null), scope: null, default);
        return _apis[who] = Server.NewClient(tokens.AccessToken);
    }

    private async Task AddAsync(string who, Tenant tenant, string role, AccessScope scope) =>
        _actors[who] = tenant.Acting(await tenant.AddPersonAsync(Server.Services, Email(who), Password, role, scope));

    private static string Email(string who) => who.Replace(' ', '-') + "@example.test";
}
