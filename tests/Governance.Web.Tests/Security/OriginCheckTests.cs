using System.Net;
using System.Net.WebSockets;

namespace Governance.Web.Tests.Security;

public sealed class OriginCheckTests : IAsyncLifetime
{
    private const string Foreign = "https://evil.example";
    private GovernanceServer _server = null!;
    private Visitor _visitor = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GovernanceServer.StartAsync();
        await (await _server.AddTenantAsync()).AddPersonAsync(_server.Services, "ann@example.test", "a long enough password");
        _visitor = new Visitor(_server.Url);
        await _visitor.SignInAsync("ann@example.test", "a long enough password");
    }

    public ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task WebSocket_FromTheSiteItself_Opens()
    {
        using var socket = Socket(_server.Url);

        await socket.ConnectAsync(CircuitUrl, Cancellation);

        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Theory]
    [InlineData(Foreign)]
    [InlineData("null")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData(null)]
    public async Task WebSocket_FromElsewhere_IsRefused(string? origin)
    {
        using var socket = Socket(origin);

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(CircuitUrl, Cancellation));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task WebSocket_BehindAProxyThatEndsTls_OpensForTheSitesHost()
    {
        // The browser says https; the request arrives over plain HTTP with the Host passed on.
        using var socket = Socket(_server.Url.Replace("http:", "https:", StringComparison.Ordinal));

        await socket.ConnectAsync(CircuitUrl, Cancellation);

        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task WebSocket_OverHttpsFromAPageOverPlainHttp_IsRefused()
    {
        await using var secure = await SecureServer.StartAsync();
        using var socket = Socket(secure.Url.Replace("https:", "http:", StringComparison.Ordinal));
        socket.Options.Cookies = null;
        using var visitor = new Visitor(secure.Url);
        var circuit = new Uri(secure.Url.Replace("https:", "wss:", StringComparison.Ordinal) + "/_blazor");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(circuit, visitor.Client, Cancellation));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1", "own", HttpStatusCode.OK)]
    [InlineData("/_blazor/negotiate?negotiateVersion=1", Foreign, HttpStatusCode.Forbidden)]
    [InlineData("/_BLAZOR/negotiate?negotiateVersion=1", Foreign, HttpStatusCode.Forbidden)]
    [InlineData("/account/sign-out", Foreign, HttpStatusCode.Forbidden)]
    [InlineData("/account/sign-out", "null", HttpStatusCode.Forbidden)]
    [InlineData("/account/sign-out", "own", HttpStatusCode.BadRequest)]
    [InlineData("/account/sign-out", null, HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/costs", Foreign, HttpStatusCode.Unauthorized)]
    [InlineData("/proxy/openai/v1/chat/completions", Foreign, HttpStatusCode.Unauthorized)]
    public async Task Post_ByOrigin_IsRefusedWhereCookiesCount(string path, string? origin, HttpStatusCode expected)
    {
        using var response = await SendAsync(HttpMethod.Post, path, ("Origin", origin == "own" ? _server.Url : origin));

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.BadRequest)]
    [InlineData("none", HttpStatusCode.BadRequest)]
    public async Task Post_WithoutOrigin_IsJudgedByFetchMetadata(string site, HttpStatusCode expected)
    {
        using var response = await SendAsync(HttpMethod.Post, "/account/sign-out", ("Sec-Fetch-Site", site));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Get_AfterALinkOnAnotherSite_IsAnswered()
    {
        using var response = await SendAsync(HttpMethod.Get, "/account/sign-in", ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Uri CircuitUrl => new(_server.Url.Replace("http:", "ws:", StringComparison.Ordinal) + "/_blazor");

    private ClientWebSocket Socket(string? origin)
    {
        var socket = new ClientWebSocket { Options = { Cookies = _visitor.Cookies, CollectHttpResponseDetails = true } };
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        return socket;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, (string Name, string? Value) header)
    {
        using var request = new HttpRequestMessage(method, path);
        if (header.Value is not null) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return await _visitor.Client.SendAsync(request, Cancellation);
    }
}
