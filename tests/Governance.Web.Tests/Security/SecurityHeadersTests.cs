using System.Net;
using System.Security.Claims;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Web.Tests.Security;

public sealed class SecurityHeadersTests : IAsyncLifetime
{
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GovernanceServer.StartAsync();
        _tenant = await _server.AddTenantAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/account/sign-in", HttpStatusCode.OK)]
    [InlineData("/costs", HttpStatusCode.Found)]
    [InlineData("/export/costs.csv", HttpStatusCode.Found)]
    [InlineData("/api/v1/costs", HttpStatusCode.Unauthorized)]
    [InlineData("/proxy/openai/v1/models", HttpStatusCode.Unauthorized)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/favicon.svg", HttpStatusCode.OK)]
    public async Task Response_Any_CarriesTheHeaders(string path, HttpStatusCode status)
    {
        using var response = await _server.Client.GetAsync(path, Cancellation);

        Assert.Equal(status, response.StatusCode);
        AssertHeaders(response);
    }

    [Fact]
    public async Task Page_ThatFails_ShowsTheErrorPageWithTheHeaders()
    {
        await _tenant.AddPersonAsync(_server.Services, "ann@example.test", "a long enough password");
        await using var failing = await StartFailingAsync();
        using var visitor = new Visitor(failing.Url);
        await visitor.SignInAsync("ann@example.test", "a long enough password");

        using var response = await visitor.Client.GetAsync("/costs", Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("Something went wrong", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        AssertHeaders(response);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Contains(failing.Logs.Entries, entry => entry.Level == LogLevel.Error && entry.Exception?.Message == "Made by a test.");
    }

    [Fact]
    public async Task Api_ThatFails_AnswersAProblemWithTheHeaders()
    {
        await using var failing = await StartFailingAsync();
        using var client = failing.NewClient((await _tenant.AddServiceAccountAsync(_server.Services)).Secret);

        using var response = await client.GetAsync("/api/v1/costs", Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        AssertHeaders(response);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Contains(failing.Logs.Entries, entry => entry.Level == LogLevel.Error && entry.Exception?.Message == "Made by a test.");
    }

    [Fact]
    public async Task Page_EachTime_RunsOnlyScriptsWithANonceOfItsOwn()
    {
        var (firstPolicy, firstNonces) = await PolicyAsync("/account/sign-in");
        var (secondPolicy, _) = await PolicyAsync("/account/sign-in");

        var nonce = Assert.Single(firstNonces.Distinct());
        Assert.Equal(
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
            + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'",
            firstPolicy);
        Assert.NotEqual(firstPolicy, secondPolicy);
    }

    [Fact]
    public async Task Page_InteractiveOne_HasTheSamePolicy()
    {
        await _tenant.AddPersonAsync(_server.Services, "ann@example.test", "a long enough password");
        using var visitor = new Visitor(_server.Url);
        await visitor.SignInAsync("ann@example.test", "a long enough password");

        using var response = await visitor.Client.GetAsync("/", Cancellation);

        // Blazor would let the page be framed by its own site.
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        var nonces = await NoncesAsync(response);
        Assert.All(nonces, nonce => Assert.Contains($"'nonce-{nonce}'", policy, StringComparison.Ordinal));
        Assert.Equal(3, nonces.Count);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task FormAction_OriginsOfExternalSignIn_AreAllowed()
    {
        await using var server = await GovernanceServer.StartAsync(_server.Database, settings: new Dictionary<string, string?>
        {
            ["Security:FormActionOrigins:0"] = "https://login.example.org",
            ["ExternalSignIn:Providers:corp:DisplayName"] = "Corp",
            ["ExternalSignIn:Providers:corp:AuthorizationEndpoint"] = "https://id.example.org:8443/authorize",
            ["ExternalSignIn:Providers:corp:TokenEndpoint"] = "https://id.example.org:8443/token",
            ["ExternalSignIn:Providers:corp:UserInfoEndpoint"] = "https://id.example.org:8443/me",
            ["ExternalSignIn:Providers:corp:ClientId"] = "governance",
            ["ExternalSignIn:Providers:corp:ClientSecret"] = "secret",
        });

        using var response = await server.Client.GetAsync("/account/sign-in", Cancellation);

        Assert.Contains("form-action 'self' https://login.example.org https://id.example.org:8443;", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_SignedIn_IsNotStored()
    {
        await _tenant.AddPersonAsync(_server.Services, "ann@example.test", "a long enough password");
        using var visitor = new Visitor(_server.Url);
        await visitor.SignInAsync("ann@example.test", "a long enough password");

        using var response = await visitor.Client.GetAsync("/export/costs.csv", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Api_WithKey_IsNotStored()
    {
        using var client = _server.NewClient((await _tenant.AddServiceAccountAsync(_server.Services)).Secret);

        using var response = await client.GetAsync("/api/v1/costs", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task StaticAsset_WithFingerprint_StaysCacheable()
    {
        var page = await new HtmlParser().ParseDocumentAsync(await _server.Client.GetStringAsync("/account/sign-in", Cancellation), Cancellation);
        var script = page.QuerySelector("script[src^=app]")!.GetAttribute("src")!;

        using var response = await _server.Client.GetAsync("/" + script, Cancellation);

        // Published, its own rule is "immutable"; in a build, where it may change, it is to be asked for again by its ETag.
        Assert.False(response.Headers.CacheControl!.NoStore);
        Assert.NotNull(response.Headers.ETag);
    }

    [Fact]
    public async Task Hsts_OverHttpsOnly_IsSent()
    {
        await using var secure = await SecureServer.StartAsync();
        using var visitor = new Visitor(secure.Url);
        visitor.Client.DefaultRequestHeaders.Host = "governance.example";

        using var plain = await _server.Client.GetAsync("/health/live", Cancellation);
        using var overHttps = await visitor.Client.GetAsync("/health/live", Cancellation);

        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("max-age=31536000", overHttps.Headers.GetValues("Strict-Transport-Security").Single());
    }

    private static void AssertHeaders(HttpResponseMessage response)
    {
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Contains("camera=()", response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    private async Task<(string Policy, IReadOnlyList<string?> Nonces)> PolicyAsync(string path)
    {
        using var response = await _server.Client.GetAsync(path, Cancellation);
        return (response.Headers.GetValues("Content-Security-Policy").Single(), await NoncesAsync(response));
    }

    private static async Task<IReadOnlyList<string?>> NoncesAsync(HttpResponseMessage response)
    {
        var page = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancellation), Cancellation);
        return [.. page.QuerySelectorAll("script").Select(script => script.GetAttribute("nonce"))];
    }

    private Task<GovernanceServer> StartFailingAsync() =>
        GovernanceServer.StartAsync(_server.Database, configure: services => services.AddTransient<IClaimsTransformation, Failing>());

    /// <summary>Fails for whoever is signed in, but on the error page.</summary>
    private sealed class Failing(IHttpContextAccessor http) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
            http.HttpContext!.Request.Path == "/error" ? Task.FromResult(principal) : throw new InvalidOperationException("Made by a test.");
    }
}
