using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Governance.Web.Tests.Security;

public sealed class RateLimitTests
{
    private const string Wrong = "a wrong password, surely";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_TooManyFromOneAddress_SaysSoOnThePageUntilItMayGoOn()
    {
        await using var server = await StartAsync(("SignIn:PerAddress", 2));
        await server.AddTenantAsync();
        using var visitor = new Visitor(server.Url);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await visitor.SignInAsync($"person{i}@example.test", Wrong)).Status);

        var refused = await visitor.SignInAsync("person9@example.test", Wrong);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("Too many attempts. Wait 720 minutes and try again.", refused.Alert, StringComparison.Ordinal);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromHours(11.9), TimeSpan.FromHours(12));
        Assert.NotNull(refused.Page.QuerySelector("form input#email"));
        using var page = await server.Client.GetAsync("/account/sign-in", Cancellation);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task SignIn_FromOtherAddresses_CountsForItself()
    {
        await using var server = await StartAsync(("SignIn:PerAddress", 1));
        await server.AddTenantAsync();
        using var visitor = new Visitor(server.Url);

        Assert.Equal(HttpStatusCode.OK, (await FromAsync("203.0.113.1")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await FromAsync("203.0.113.1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await FromAsync("203.0.113.2")).Status);

        Task<Answer> FromAsync(string address) => visitor.SignInAsync("ann@example.test", Wrong, ("X-Forwarded-For", address));
    }

    [Fact]
    public async Task SignIn_TooManyForOnePerson_IsRefusedFromEveryAddressButNotForOthers()
    {
        await using var server = await StartAsync(("SignIn:PerCaller", 2));
        await server.AddTenantAsync();
        using var visitor = new Visitor(server.Url);
        for (var i = 0; i < 2; i++) await visitor.SignInAsync("ann@example.test", Wrong, ("X-Forwarded-For", $"203.0.113.{i}"));

        var refused = await visitor.SignInAsync(" Ann@Example.test", Wrong, ("X-Forwarded-For", "203.0.113.9"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("Too many attempts", refused.Alert, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.SignInAsync("bo@example.test", Wrong)).Status);
    }

    [Theory]
    [InlineData("PerAddress", "other@example.test")]
    [InlineData("PerCaller", "ann@example.test")]
    public async Task Token_TooManyPasswords_IsAProblem(string per, string last)
    {
        await using var server = await StartAsync(($"Token:{per}", 2));
        await server.AddTenantAsync();
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.BadRequest, (await TokenAsync(server, "ann@example.test")).Status);

        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), await TokenAsync(server, last));
    }

    [Fact]
    public async Task Token_TooManyForOnePerson_IsNotForOthers()
    {
        await using var server = await StartAsync(("Token:PerCaller", 1));
        await server.AddTenantAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await TokenAsync(server, "ann@example.test")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await TokenAsync(server, "bo@example.test")).Status);
    }

    [Fact]
    public async Task Pages_ThatAnybodyMayOpen_AreLimitedUnlessTheyTakeNoForm()
    {
        await using var server = await GovernanceServer.StartAsync();
        var pages = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .ToDictionary(page => page.RoutePattern.RawText!, page => page.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName);

        Assert.Equal(["/account/access-denied", "/error", "/not-found"], pages.Where(page => page.Value is null).Select(page => page.Key).Order(StringComparer.Ordinal));
        Assert.Equal(RateLimits.PasswordReset, pages["/account/forgot-password"]);
    }

    [Fact]
    public async Task Api_TooManyWithOneKey_IsAProblemForThatKeyOnly()
    {
        await using var server = await StartAsync(("Api:PerCaller", 2));
        var tenant = await server.AddTenantAsync();
        using var one = server.NewClient((await tenant.AddServiceAccountAsync(server.Services)).Secret);
        using var other = server.NewClient((await tenant.AddServiceAccountAsync(server.Services, "Other")).Secret);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(one));

        using var refused = await one.GetAsync("/api/v1/costs", Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal("rate_limited", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
    }

    [Fact]
    public async Task Api_TooManyFromOneAddress_IsRefusedBeforeTheKeyIsLookedAt()
    {
        await using var server = await StartAsync(("Api:PerAddress", 1));
        await server.AddTenantAsync();
        using var guessing = server.NewClient("gvs_wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(guessing));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(guessing));
    }

    [Fact]
    public async Task Proxy_Busy_IsNotLimitedHere()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var server = await StartAsync(upstream, ("Api:PerAddress", 1), ("SignIn:PerAddress", 1));
        using var caller = server.NewClient((await server.AddTenantAsync()).Key.Secret);
        for (var i = 0; i < 5; i++)
        {
            using var response = await caller.PostAsJsonAsync(
                "/proxy/openai/v1/chat/completions", new { model = "gpt-5-mini", messages = new[] { new { role = "user", content = "Hi" } } }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1")]
    [InlineData("2001:db8:1:1::1", "2001:db8:1:1:ffff::2")]
    public void Bucket_OfOneCaller_IsOne(string one, string other) =>
        Assert.Equal(LimitBucket.Of(IPAddress.Parse(one)), LimitBucket.Of(IPAddress.Parse(other)));

    [Theory]
    [InlineData("203.0.113.{0}")]
    [InlineData("2001:db8:1:{0}::1")]
    public void Bucket_OfManyNetworks_DiffersButForChance(string address)
    {
        var networks = Enumerable.Range(1, 250).Select(i => IPAddress.Parse(address.Replace("{0}", $"{i}", StringComparison.Ordinal)));

        // Of 250 in 65,536 counters, half a pair shares one on average.
        Assert.InRange(networks.Select(LimitBucket.Of).Distinct().Count(), 240, 250);
    }

    [Fact]
    public async Task Options_Wrong_NameEveryKeyToChange()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => GovernanceServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["RateLimits:SignIn:PerAddress:Permits"] = "0",
            ["RateLimits:Api:PerCaller:Window"] = "00:00:00",
        }));

        Assert.Equal(
            ["RateLimits:SignIn:PerAddress:Permits must be from 1 to 1000000.", "RateLimits:Api:PerCaller:Window must be from 00:00:01 to 1.00:00:00."],
            exception.Failures);
    }

    private static Task<GovernanceServer> StartAsync(params (string Key, int Permits)[] limits) => StartAsync(null, limits);

    /// <summary>Limits that give nothing back while a test runs, over a proxy that may name the address.</summary>
    private static Task<GovernanceServer> StartAsync(StubUpstream? upstream, params (string Key, int Permits)[] limits)
    {
        var settings = new Dictionary<string, string?> { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1" };
        foreach (var (key, permits) in limits)
        {
            settings[$"RateLimits:{key}:Permits"] = permits.ToString(System.Globalization.CultureInfo.InvariantCulture);
            settings[$"RateLimits:{key}:Window"] = "1.00:00:00";
        }

        return GovernanceServer.StartAsync(upstream: upstream, settings: settings);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/api/v1/costs", Cancellation);
        return response.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string? Type)> TokenAsync(GovernanceServer server, string username)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = username, ["password"] = Wrong });
        using var response = await server.Client.PostAsync("/api/v1/auth/token", form, Cancellation);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType);
    }
}
