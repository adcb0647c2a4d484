using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Testing.Upstream;

/// <summary>A provider's script: what it does with one request.</summary>
public delegate Task UpstreamScript(UpstreamExchange exchange);

/// <summary>A real server that stands in for a provider: it records what it receives and answers as the test says.</summary>
public sealed class StubUpstream : IAsyncDisposable
{
    /// <summary>The provider's key in the configuration; it must reach the provider and nobody else.</summary>
    public const string ApiKey = "sk-upstream-secret-0123456789";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<UpstreamScript> _next = new();
    private readonly ConcurrentQueue<UpstreamRequest> _received = new();
    private readonly CancellationTokenSource _stopping = new();

    private StubUpstream(WebApplication app) => _app = app;

    /// <summary>What is done with a request for which nothing was enqueued.</summary>
    public UpstreamScript Default { get; set; } = Replies.Json(Replies.Completion());

    public string Url => _app.Urls.First();

    /// <summary>The base URL as it is configured, with the API's version.</summary>
    public string BaseUrl => Url + "/v1";

    public IReadOnlyList<UpstreamRequest> Received => [.. _received];

    public static async Task<StubUpstream> StartAsync(UpstreamScript? script = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var stub = new StubUpstream(app);
        if (script is not null) stub.Default = script;
        app.Run(stub.HandleAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>Says what to do with the next request that has no script yet.</summary>
    public void Enqueue(UpstreamScript script) => _next.Enqueue(script);

    /// <summary>Takes back what no request has come for.</summary>
    public void ForgetScripts() => _next.Clear();

    /// <summary>Keeps no longer what it has received.</summary>
    public void Forget() => _received.Clear();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var request = new UpstreamRequest(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray())
        {
            Target = http.Features.Get<IHttpRequestFeature>()!.RawTarget,
        };
        _received.Enqueue(request);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        try
        {
            await (_next.TryDequeue(out var script) ? script : Default)(new UpstreamExchange(http, request, ended.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            http.Abort(); // The caller hung up, or the test is over.
        }
    }
}

/// <summary>A request as the provider received it.</summary>
public sealed record UpstreamRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The path and the query as they were sent, escaped.</summary>
    public string Target { get; init; } = Path;

    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
