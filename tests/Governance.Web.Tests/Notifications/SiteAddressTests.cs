using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Web.Tests.Notifications;

public sealed class SiteAddressTests
{
    [Fact]
    public async Task Link_NoSiteUrl_IsWhereTheServerListensWhateverHostARequestNames()
    {
        await using var server = await GovernanceServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in");
        request.Headers.Host = "evil.example";
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal($"{server.Url}/costs", server.Get<SiteAddress>().Link("/costs").AbsoluteUri);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5099", "http://127.0.0.1:5099/costs")]
    [InlineData("https://localhost:7443;http://*:5099", "http://127.0.0.1:5099/costs")]
    public async Task Link_OperatorsCommand_IsWhereItWouldListen(string urls, string expected)
    {
        await using var app = GovernanceApplication.Build([$"--urls={urls}"]);
        Assert.Equal(expected, app.Services.GetRequiredService<SiteAddress>().Link("/costs").AbsoluteUri);
    }
}
