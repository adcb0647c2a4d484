using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Governance.Infrastructure.Notifications;

/// <summary>
/// Posts to addresses that people configure. It follows no redirects, keeps no cookies, bounds time and answers, and connects to no
/// link-local address, where machines of clouds hand out their credentials.
/// </summary>
public sealed class WebhookClient(TimeProvider time) : IDisposable
{
    private const int MaxReply = 64 * 1024;

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = OutgoingSockets.ConnectAsync,
        MaxResponseHeadersLength = MaxReply / 1024,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    });

    /// <summary>Posts a body and reads the answer, whatever its status.</summary>
    /// <param name="url">An address that <see cref="WebhookUrl.Parse"/> took.</param>
    /// <param name="body">What to post.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HttpRequestException">There was no answer, or one that is too long.</exception>
    public async Task<WebhookReply> PostAsync(
        Uri url, byte[] body, string mediaType, IReadOnlyDictionary<string, string> headers, TimeSpan timeout, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Governance", null));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var response = await _invoker.SendAsync(request, either.Token);
            return new WebhookReply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await ReadAsync(response.Content, either.Token));
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"There was no answer within {timeout.TotalSeconds:0} s.", exception);
        }
        catch (IOException exception)
        {
            throw new HttpRequestException("The connection broke before the answer was whole.", exception);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxReply + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= MaxReply ? Encoding.UTF8.GetString(buffer, 0, length) : throw new HttpRequestException($"The answer is longer than {MaxReply / 1024} KB.");
    }
}

/// <summary>What a receiver answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="MediaType">What the body is said to be.</param>
/// <param name="Body">The body.</param>
public sealed record WebhookReply(int Status, string? MediaType, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
