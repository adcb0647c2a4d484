using System.Net;
using System.Net.Http.Headers;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Sends requests to providers. Redirects are not followed and nothing is decompressed: bytes are relayed as they come. It connects to no
/// link-local address, where machines of clouds hand out their credentials.
/// </summary>
public sealed class ProviderClient(IOptions<ProxyOptions> options, IOptions<ResilienceOptions> resilience, TimeProvider time) : IDisposable
{
    /// <summary>A path is passed as the caller escaped it: a model's name may hold characters that mean something else unescaped.</summary>
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private static readonly HttpRequestOptionsKey<TimeSpan> ConnectWithin = new("governance.connect-within");

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null, // What identifies our traces is not the provider's business.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = options.Value.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = resilience.Value.MaxSocketsPerHost,
        MaxResponseDrainSize = 64 * 1024,
        MaxResponseHeadersLength = resilience.Value.MaxHeadKilobytes,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = true,
    });

    /// <summary>Sends a request and answers once the headers of the reply are there.</summary>
    /// <param name="connection">Where to, and with which credential.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pathAndQuery">What follows the connection's base URL, escaped.</param>
    /// <param name="body">The body; none for methods without.</param>
    /// <param name="headers">Further headers, such as those of the caller that go on.</param>
    /// <param name="deadline">Ends the request.</param>
    /// <exception cref="HttpRequestException">The provider could not be reached.</exception>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public Task<HttpResponseMessage> SendAsync(
        ProviderConnection connection, HttpMethod method, string pathAndQuery, byte[]? body,
        IEnumerable<KeyValuePair<string, IEnumerable<string?>>> headers, CancellationToken deadline)
    {
        var request = new HttpRequestMessage(method, new Uri(connection.BaseUrl + pathAndQuery, in AsItIs))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        if (connection.Limits.Connect is { } within) request.Options.Set(ConnectWithin, within);
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        foreach (var (name, values) in headers) request.Headers.TryAddWithoutValidation(name, values);
        Authenticate(request, body ?? [], connection);
        return _invoker.SendAsync(request, deadline);
    }

    /// <summary>A connection's own time-out may be shorter than everybody's.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        if (!context.InitialRequestMessage.Options.TryGetValue(ConnectWithin, out var within)) return await OutgoingSockets.ConnectAsync(context, cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        try
        {
            return await OutgoingSockets.ConnectAsync(context, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The connection was not made within {within.TotalSeconds:0} seconds.", exception);
        }
    }

    private void Authenticate(HttpRequestMessage request, byte[] body, ProviderConnection connection)
    {
        if (connection.Credential.AccessKeyId is not null)
        {
            ConnectionSignature.Sign(request, body, connection, time.GetUtcNow());
            return;
        }

        var (header, secret) = (connection.Kind.KeyHeader, connection.Credential.Secret);
        if (header == Provider.Bearer) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        else request.Headers.TryAddWithoutValidation(header, secret);
    }

    public void Dispose() => _invoker.Dispose();
}
