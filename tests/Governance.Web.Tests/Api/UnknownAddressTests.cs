using System.Net;
using System.Text.Json;
using Governance.Web.Tests.Proxy;

namespace Governance.Web.Tests.Api;

/// <summary>What programs and people are told where there is nothing.</summary>
public sealed class UnknownAddressTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("GET", "/v1/models")]
    [InlineData("POST", "/chat/completions")]
    [InlineData("PUT", "/openai/deployments/gpt")]
    [InlineData("DELETE", "/costs/none")]
    public async Task Ask_AsAProgram_IsToldWhereTheProxyIs(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST") request.Content = ProxyFixture.Json("{}");

        using var response = await proxy.Caller.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("not_found", problem.RootElement.GetProperty("code").GetString());
        Assert.Contains($"{method} {path}", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("/proxy/openai/v1", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ForAPageWithoutASession_LeadsToSignIn()
    {
        using var response = await proxy.Caller.GetAsync("/no-such-page", Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/account/sign-in", response.Headers.Location?.AbsolutePath);
    }
}
