using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Governance.Web.Tests.Security;

public sealed class CookieNamesTests
{
    private const string Email = "ann@example.test";
    private const string Password = "a long enough password";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_OverHttps_SetsHostPrefixedSecureCookiesThatWork()
    {
        await using var server = await SecureServer.StartAsync();
        await (await server.AddTenantAsync()).AddPersonAsync(server.Services, Email, Password);
        using var visitor = new Visitor(server.Url);

        var answer = await visitor.SignInAsync(Email, Password);

        Assert.Equal(["__Host-governance", "__Host-governance.form"], Names(answer));
        Assert.All(answer.SetCookies, cookie => AssertAttributes(cookie, secure: true));
        using var home = await visitor.Client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
    }

    [Fact]
    public async Task SignIn_OverPlainHttp_SetsCookiesThatBrowsersTakeThere()
    {
        await using var server = await GovernanceServer.StartAsync();
        await (await server.AddTenantAsync()).AddPersonAsync(server.Services, Email, Password);
        using var visitor = new Visitor(server.Url);

        var answer = await visitor.SignInAsync(Email, Password);

        Assert.Equal(["governance", "governance.form"], Names(answer));
        Assert.All(answer.SetCookies, cookie => AssertAttributes(cookie, secure: false));
        using var home = await visitor.Client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
    }

    [Fact]
    public async Task SignIn_BehindATrustedProxyThatEndsTls_SetsHostPrefixedSecureCookies()
    {
        await using var server = await GovernanceServer.StartAsync(settings: new Dictionary<string, string?> { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1" });
        await (await server.AddTenantAsync()).AddPersonAsync(server.Services, Email, Password);
        using var visitor = new Visitor(server.Url);
        // It keeps no Secure cookie from plain HTTP, so the form's token has no cookie; the page's own is what is looked at.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in") { Headers = { { "X-Forwarded-Proto", "https" } } };

        using var page = await visitor.Client.SendAsync(request, Cancellation);

        var cookie = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-governance.form=", cookie, StringComparison.Ordinal);
        AssertAttributes(cookie, secure: true);
    }

    [Fact]
    public async Task Https_CookieWithoutThePrefix_IsNotLookedAt()
    {
        await using var server = await SecureServer.StartAsync();
        await (await server.AddTenantAsync()).AddPersonAsync(server.Services, Email, Password);
        using var visitor = new Visitor(server.Url);
        await visitor.SignInAsync(Email, Password);
        var genuine = visitor.Cookies.GetCookies(new Uri(server.Url))["__Host-governance"]!.Value;
        using var other = new Visitor(server.Url);
        other.Cookies.Add(new Uri(server.Url), new Cookie("governance", genuine));

        using var home = await other.Client.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.Found, home.StatusCode);
    }

    [Theory]
    [InlineData("Identity.Application")]
    [InlineData("Identity.External")]
    [InlineData("Identity.TwoFactorUserId")]
    [InlineData("Identity.TwoFactorRememberMe")]
    public async Task Scheme_EveryOneOfIdentity_HasThePrefixOverHttps(string scheme)
    {
        await using var server = await GovernanceServer.StartAsync();
        var cookie = server.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme).Cookie;
        var http = new DefaultHttpContext { RequestServices = server.Services, Request = { Scheme = "https" } };
        server.Get<IHttpContextAccessor>().HttpContext = http;

        var built = cookie.Build(http);

        Assert.StartsWith("__Host-", cookie.Name, StringComparison.Ordinal);
        Assert.Equal((true, "/", null, true), (built.Secure, built.Path, built.Domain, built.HttpOnly));
        http.Request.Scheme = "http";
        Assert.DoesNotContain("__Host-", cookie.Name, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(Answer answer) => answer.SetCookies.Select(cookie => cookie[..cookie.IndexOf('=')]).Distinct().Order(StringComparer.Ordinal);

    private static void AssertAttributes(string cookie, bool secure)
    {
        Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(secure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }
}
