using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Data;

namespace Governance.Web.Tests.Api;

/// <summary>A server with two organisations and a few hundred calls of each.</summary>
public sealed class ReadApiFixture : IAsyncLifetime
{
    public const int Calls = 240;

    public GovernanceServer Server { get; private set; } = null!;

    public Tenant Mine { get; private set; } = null!;

    public HttpClient Api { get; private set; } = null!;

    public string Token { get; private set; } = "";

    public HttpClient Theirs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await GovernanceServer.StartAsync();
        Mine = await Server.AddTenantAsync("Asia/Kolkata");
        var theirs = await Server.AddTenantAsync();
        Token = (await Mine.AddServiceAccountAsync(Server.Services)).Secret;
        Api = Server.NewClient(Token);
        Theirs = Server.NewClient((await theirs.AddServiceAccountAsync(Server.Services)).Secret);
        await ImportAsync(Mine, Calls);
        await ImportAsync(theirs, 7);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Theirs.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>One call every two hours from 1 November on, each of 1,000 fresh prompt tokens and 100 of output.</summary>
    private async Task ImportAsync(Tenant tenant, int count)
    {
        var first = new DateTimeOffset(2026, 10, 31, 18, 30, 0, TimeSpan.Zero); // Midnight of 1 November in Kolkata.
        var calls = Enumerable.Range(0, count).Select(i => new ImportedCall(
            first.AddHours(2 * i), tenant.Key.Id, "openai", i % 3 == 0 ? "gpt-5" : "gpt-5-mini", new TokenUsage(Input: 1000, Output: 100))).ToList();
        (await Server.Get<UsageImport>().ImportAsync(tenant.Admin, calls, CancellationToken.None)).Required();
    }
}

public sealed class ReadApiTests(ReadApiFixture api) : IClassFixture<ReadApiFixture>
{
    private const string Month = "from=2026-11-01&to=2026-11-30";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("gvs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nonsense")]
    public async Task Any_WithoutAValidToken_Is401WithProblemDetails(string? token)
    {
        using var stranger = api.Server.NewClient(token);
        foreach (var path in new[] { "/api/v1/costs", "/api/v1/requests", "/api/v1/requests/req_00000000000000000000000000000000", "/api/v1/anything" })
        {
            using var response = await stranger.GetAsync(path, Cancellation);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("invalid_api_token", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Any_WithACookieOrAProxyKey_Is401()
    {
        using var keyHolder = api.Server.NewClient(api.Mine.Key.Secret);
        using var withCookie = api.Server.NewClient();
        withCookie.DefaultRequestHeaders.Add("Cookie", "governance=anything");

        Assert.Equal(HttpStatusCode.Unauthorized, (await keyHolder.GetAsync("/api/v1/costs", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await withCookie.GetAsync("/api/v1/costs", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Requests_PageByPage_YieldEachCallOnceNewestFirst()
    {
        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await GetAsync($"/api/v1/requests?{Month}&limit=37{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("startedAt").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(ReadApiFixture.Calls, seen.Count);
        Assert.Equal(seen.Distinct().OrderDescending(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Costs_ByDayAndModel_AddUpToTheRequests()
    {
        var sums = await GetAsync($"/api/v1/costs?{Month}&by=day,model");
        var items = sums.GetProperty("items").EnumerateArray().ToList();

        // gpt-5: 1.25 / 10 dollars a million; gpt-5-mini: 0.25 / 2. Twelve calls a day of the organisation's zone, four of them gpt-5.
        Assert.Equal(ReadApiFixture.Calls / 12 * 2, items.Count);
        Assert.All(items, item => Assert.Equal(
            item.GetProperty("model").GetString() == "gpt-5" ? 4 * (1000 * 1250 + 100 * 10_000) : 8 * (1000 * 250 + 100 * 2000),
            item.GetProperty("costNanoUsd").GetInt64()));
        Assert.Equal(items.Sum(item => item.GetProperty("costNanoUsd").GetInt64()), sums.GetProperty("totalCostNanoUsd").GetInt64());
        Assert.Equal("2026-11-01", items[0].GetProperty("day").GetString());
    }

    [Fact]
    public async Task Costs_ByMonth_AddUpToTheDays()
    {
        var days = await GetAsync($"/api/v1/costs?{Month}&by=day,month");
        var month = Assert.Single((await GetAsync($"/api/v1/costs?{Month}&by=month")).GetProperty("items").EnumerateArray());
        Assert.Equal(("2026-11-01", JsonValueKind.Null), (month.GetProperty("month").GetString(), month.GetProperty("day").ValueKind));
        Assert.Equal(days.GetProperty("totalCostNanoUsd").GetInt64(), month.GetProperty("costNanoUsd").GetInt64());
        Assert.All(days.GetProperty("items").EnumerateArray(), day => Assert.Equal(("2026-11-01", "2026-11"), (day.GetProperty("month").GetString(), day.GetProperty("day").GetString()![..7])));
    }

    [Fact]
    public async Task Costs_ByTeam_NamesTheTeam()
    {
        var item = Assert.Single((await GetAsync($"/api/v1/costs?{Month}&by=team,application,key")).GetProperty("items").EnumerateArray());

        Assert.Equal(("Platform", "Assistant", "Key"),
            (item.GetProperty("team").GetString(), item.GetProperty("application").GetString(), item.GetProperty("key").GetString()));
        Assert.Equal(api.Mine.Application.TeamId, item.GetProperty("teamId").GetGuid());
    }

    [Fact]
    public async Task Costs_DatesAndInstants_DatesNameWholeDaysAndInstantsAreExact()
    {
        var oneDay = await GetAsync("/api/v1/costs?from=2026-11-02&to=2026-11-02");
        var sameInstants = await GetAsync("/api/v1/costs?from=2026-11-01T18:30:00Z&to=2026-11-02T18:30:00Z");

        Assert.Equal(12, oneDay.GetProperty("items")[0].GetProperty("requests").GetInt64());
        Assert.Equal(oneDay.GetRawText(), sameInstants.GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/costs?by=colour", "by")]
    [InlineData("/api/v1/costs?by=3", "by")]
    [InlineData("/api/v1/costs?from=yesterday", "from")]
    [InlineData("/api/v1/costs?from=2026-11-30&to=2026-11-01", "from")]
    [InlineData("/api/v1/requests?limit=501", "limit")]
    [InlineData("/api/v1/requests?limit=0", "limit")]
    [InlineData("/api/v1/requests?cursor=nonsense", "cursor")]
    [InlineData("/api/v1/requests?outcome=perhaps", "outcome")]
    [InlineData("/api/v1/requests?keyId=gvk_x", "keyId")]
    [InlineData("/api/v1/requests/nonsense", "requestId")]
    public async Task Any_BadParameter_Is400AndNamesIt(string path, string parameter)
    {
        using var response = await api.Api.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Contains($"'{parameter}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfAnotherOrganisation_IsNotFound()
    {
        var mine = (await GetAsync($"/api/v1/requests?{Month}&limit=1")).GetProperty("items")[0].GetProperty("requestId").GetString();

        Assert.Equal(HttpStatusCode.OK, (await api.Api.GetAsync($"/api/v1/requests/{mine}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Theirs.GetAsync($"/api/v1/requests/{mine}", Cancellation)).StatusCode);
        var theirs = await api.Theirs.GetFromJsonAsync<JsonElement>("/api/v1/costs?from=2026-10-31&to=2026-11-30", Cancellation);
        Assert.Equal(7, theirs.GetProperty("items")[0].GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task OpenApi_Description_NamesEveryRouteAndTheToken()
    {
        var description = await api.Server.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancellation);

        Assert.Equal(
            [
                "/api/v1/audit/events", "/api/v1/audit/export", "/api/v1/audit/integrity", "/api/v1/audit/log/checkpoint", "/api/v1/audit/log/keys", "/api/v1/audit/log/tile/entries/{index}",
                "/api/v1/audit/log/tile/{level}/{index}", "/api/v1/audit/logs", "/api/v1/audit/logs/{id}", "/api/v1/audit/logs/{id}/proof", "/api/v1/audit/statistics",
                "/api/v1/auth/token", "/api/v1/budgets", "/api/v1/budgets/{budgetId}", "/api/v1/budgets/{budgetId}/release", "/api/v1/budgets/{scope}/{scopeId}/{window}", "/api/v1/connections", "/api/v1/costs",
                "/api/v1/dead-letters", "/api/v1/dead-letters/discard", "/api/v1/dead-letters/operations", "/api/v1/dead-letters/retry", "/api/v1/dead-letters/{workId}",
                "/api/v1/limits", "/api/v1/limits/{limitId}", "/api/v1/limits/{scope}/{target}", "/api/v1/requests", "/api/v1/requests/{requestId}",
                "/api/v1/response-cache", "/api/v1/response-cache/{applicationId}", "/api/v1/routes", "/api/v1/routes/{kind}/{model}", "/api/v1/routes/{routeId}",
            ],
            description.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        Assert.Equal("bearer", description.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Single().Value.GetProperty("scheme").GetString());
    }

    [Fact]
    public async Task Health_DatabaseGone_IsLiveButNotReady()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await GovernanceServer.StartAsync(database);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/ready", Cancellation)).StatusCode);

        await using (await database.TakeAwayAsync())
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/live", Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
        }

        await Eventually.TrueAsync(async () => (await server.Client.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode, "it became ready again");
    }

    private Task<JsonElement> GetAsync(string path) => api.Api.GetFromJsonAsync<JsonElement>(path, Cancellation);
}
