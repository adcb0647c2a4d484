using System.Net;
using System.Net.Http.Headers;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>Sends requests to providers. Redirects are not followed and nothing is decompressed: bytes are relayed as they come.</summary>
internal sealed class ProviderClient(IOptions<ProxyOptions> options) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.Value.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = true,
    });

    /// <summary>Sends a request and answers once the headers of the reply are there.</summary>
    /// <exception cref="HttpRequestException">The provider could not be reached.</exception>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public Task<HttpResponseMessage> PostAsync(
        ProviderConnection connection, string path, byte[] body, IHeaderDictionary callerHeaders, CancellationToken deadline)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, connection.BaseUrl + path)
        {
            Content = new ByteArrayContent(body),
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", connection.ApiKey);
        foreach (var name in RelayedHeaders.ToProvider)
        {
            if (callerHeaders.TryGetValue(name, out var values)) request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return _invoker.SendAsync(request, deadline);
    }

    public void Dispose() => _invoker.Dispose();
}
