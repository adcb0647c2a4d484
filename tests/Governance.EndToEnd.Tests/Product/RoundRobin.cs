using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>A reverse proxy in front of several processes: each request goes to the next, and what fails is answered with 502.</summary>
internal sealed class RoundRobin : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly WebApplication _app;
    private int _next;

    private RoundRobin(WebApplication app, IReadOnlyList<string> backends)
    {
        _app = app;
        app.Run(http => ForwardAsync(http, backends[(int)((uint)Interlocked.Increment(ref _next) % backends.Count)]));
    }

    public string Url => _app.Urls.First();

    public static async Task<RoundRobin> StartAsync(params string[] backends)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var proxy = new RoundRobin(app, backends);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext http, string backend)
    {
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), backend + http.Request.Path + http.Request.QueryString) { Content = new StreamContent(http.Request.Body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
            request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", http.Connection.RemoteIpAddress!.ToString());
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }
}
