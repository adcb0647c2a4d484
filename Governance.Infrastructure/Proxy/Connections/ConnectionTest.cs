using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>
/// Sends the cheapest request of a kind, which costs nothing: the list of models, or for Bedrock, whose runtime lists none, a request that
/// it must find invalid once it has let the caller in.
/// </summary>
public sealed class ConnectionTest(ProviderClient client, TimeProvider time)
{
    /// <summary>The most models that are kept of a list.</summary>
    public const int MaxModels = 500;

    private const int MaxReply = 1024 * 1024;

    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    internal async Task<ConnectionTestResult> RunAsync(ProviderConnection connection, CancellationToken cancellation)
    {
        var probe = ConnectionProbe.Of(connection.Kind);
        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(connection, probe.Method, probe.PathAndQuery, probe.Body, probe.Headers, either.Token);
            var body = await ReadAsync(response.Content, either.Token);
            return Judge(connection, probe, response, body, (int)Math.Ceiling(Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ConnectionTestResult(null, null, $"It did not answer within {Timeout.TotalSeconds:0} seconds.", null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException or UriFormatException)
        {
            return new ConnectionTestResult(null, null, Shorten($"It cannot be reached: {exception.Message}"), null);
        }
    }

    private static ConnectionTestResult Judge(ProviderConnection connection, ConnectionProbe probe, HttpResponseMessage response, byte[]? body, int latency)
    {
        var status = (int)response.StatusCode;
        var (name, asked) = (connection.Kind.DisplayName, $"{probe.Method} {connection.BaseUrl}{probe.PathAndQuery.Split('?')[0]}");
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || Refuses(body))
            return Failed($"It refused the key (status {status}). Check that the key is whole, belongs to this account and may call models.");
        if (connection.Kind.Id == ProviderConnections.Bedrock)
        {
            var type = response.Headers.TryGetValues("x-amzn-ErrorType", out var values) ? values.First() : "";
            return type.StartsWith("ValidationException", StringComparison.Ordinal) ? new ConnectionTestResult(status, latency, null, null) : Failed(NotThisApi());
        }

        if (status is >= 300 and < 400) return Failed($"It points elsewhere (status {status}), and redirects are not followed. Use the address it points to.");
        if (status == 429) return Failed("It answers, but its limit of requests is reached (status 429). Try again later.");
        if (status >= 500) return Failed($"It answers, but has a failure of its own (status {status}). Try again later.");
        return response.IsSuccessStatusCode && body is not null && probe.ReadModels(Parse(body)) is { } models
            ? new ConnectionTestResult(status, latency, null, [.. models.Where(IsName).Distinct(StringComparer.Ordinal).Take(MaxModels)])
            : Failed(NotThisApi());

        ConnectionTestResult Failed(string error) => new(status, latency, Shorten(error), null);

        string NotThisApi() => $"It answers, but not as the API of {name} does: {asked} gave the status {status}. Check the base URL.";
    }

    /// <summary>Gemini says 400 for a key that it does not know: https://ai.google.dev/gemini-api/docs/troubleshooting.</summary>
    private static bool Refuses(byte[]? body) => body is not null && body.AsSpan().IndexOf("API_KEY_INVALID"u8) >= 0;

    private static bool IsName(string name) => name.Length is > 0 and <= ConnectionConfiguration.MaxModel && !name.Any(char.IsControl);

    private static string Shorten(string text) => text.Length <= ConnectionConfiguration.MaxError ? text : text[..ConnectionConfiguration.MaxError];

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>The body; none if it is longer than a list of models can be.</returns>
    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            if (whole.Length + count > MaxReply) return null;
            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }
}

/// <summary>What a test found.</summary>
/// <param name="Status">The HTTP status; none if there was no answer.</param>
/// <param name="LatencyMs">From the request to the end of the answer; none if there was none.</param>
/// <param name="Error">What is wrong, in plain words; none if nothing is.</param>
/// <param name="Models">The models that the provider lists; none if it lists none, or none were read.</param>
public sealed record ConnectionTestResult(int? Status, int? LatencyMs, string? Error, IReadOnlyList<string>? Models)
{
    public bool Passed => Error is null;
}
