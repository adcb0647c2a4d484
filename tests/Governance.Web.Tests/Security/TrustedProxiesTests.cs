using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Testing.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Web.Tests.Security;

public sealed class TrustedProxiesTests
{
    private static readonly (string Name, string Value)[] Forwarded =
        [("X-Forwarded-For", "198.51.100.7, 203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "governance.example")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("ForwardedHeaders:KnownProxies:0", "192.0.2.1", false)]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "192.0.2.0/24", false)]
    [InlineData("ForwardedHeaders:KnownProxies:0", "127.0.0.1", true)]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "127.0.0.0/8", true)]
    public async Task Headers_OfKnownProxiesOnly_AreBelieved(string? key, string? value, bool believed)
    {
        await using var server = await StartAsync(key is null ? [] : [(key, value!)]);

        Assert.Equal(believed ? "https://governance.example" : server.Url, await SiteAsync(server, Forwarded));
    }

    [Fact]
    public async Task Headers_WithTheFrameworksSwitchThatTrustsEverybody_AreStillIgnored()
    {
        await using var server = await StartAsync(("ForwardedHeaders_Enabled", "true"));

        Assert.Equal(server.Url, await SiteAsync(server, Forwarded));
    }

    [Fact]
    public async Task Caller_BehindTrustedProxies_IsTheNearestThatIsNotOneOfThem()
    {
        await using var server = await StartAsync(("ForwardedHeaders:KnownProxies:0", "127.0.0.1"));
        var tenant = await server.AddTenantAsync();
        using var visitor = new Visitor(server.Url);

        // Whoever calls can write the left part of the list; the proxy appended the right one.
        await visitor.SignInAsync("nobody@example.test", "a wrong password, surely", Forwarded[0]);

        var failed = (await RecordedEvent.ReadAsync(server.Get<GovernanceDatabase>(), server.Get<DataKeys>())).Single(entry => entry.Action == "sign_in.failed");
        Assert.Equal("203.0.113.9", failed.IpAddress);
    }

    [Fact]
    public async Task Host_NotAmongTheAllowed_IsRefusedAndNotTakenFromAProxyEither()
    {
        await using var server = await StartAsync(("ForwardedHeaders:KnownProxies:0", "127.0.0.1"), ("AllowedHosts", "127.0.0.1;governance.example"));
        using var direct = new HttpRequestMessage(HttpMethod.Get, "/costs") { Headers = { Host = "evil.example" } };

        using var refused = await server.Client.SendAsync(direct, Cancellation);

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Equal(server.Url, await SiteAsync(server, ("X-Forwarded-Host", "evil.example")));
        Assert.Equal(server.Url.Replace(new Uri(server.Url).Authority, "governance.example", StringComparison.Ordinal), await SiteAsync(server, ("X-Forwarded-Host", "governance.example")));
    }

    [Fact]
    public async Task Options_Wrong_NameEveryKeyToChange()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(("ForwardedHeaders:KnownProxies:0", "proxy.example"), ("ForwardedHeaders:KnownNetworks:0", "10.0.0.0/99")));

        Assert.Equal(
            [
                "ForwardedHeaders:KnownProxies: 'proxy.example' is not an IP address such as 10.0.0.4.",
                "ForwardedHeaders:KnownNetworks: '10.0.0.0/99' is not a network such as 10.0.0.0/24.",
            ],
            exception.Failures);
    }

    private static Task<GovernanceServer> StartAsync(params (string Key, string Value)[] settings) =>
        GovernanceServer.StartAsync(settings: settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));

    /// <summary>What the site takes its own address for: it leads there to sign in.</summary>
    private static async Task<string> SiteAsync(GovernanceServer server, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/costs");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Client.SendAsync(request, Cancellation);
        return response.Headers.Location!.GetLeftPart(UriPartial.Authority);
    }
}
