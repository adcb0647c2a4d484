using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Governance.Bench;

/// <summary>What a measurement gave.</summary>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal readonly record struct Measured(double PerSecond, double Median, double P99);

/// <summary>Where calls go.</summary>
/// <param name="Url">The address of chat completions.</param>
/// <param name="Key">The bearer token.</param>
internal sealed record Target(string Url, string Key)
{
    /// <summary>What else each request carries.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A client for it.</summary>
    public HttpClient Connect(int connections)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        foreach (var (name, value) in Headers) client.DefaultRequestHeaders.Add(name, value);
        return client;
    }

    /// <summary>A request.</summary>
    /// <param name="stream">Whether the answer is to be streamed.</param>
    /// <param name="pace">How long the stub waits before each chunk of a stream.</param>
    public static byte[] Body(bool stream, TimeSpan pace = default) => Encoding.UTF8.GetBytes(
        $$"""{"model":"gpt-5-mini","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"How much did we spend last month, and on what?{{(pace == default ? "" : $" {StubProvider.Pace}{pace.TotalMilliseconds:0};")}}"}]}""");

    /// <summary>Sends a request; to be disposed of with its answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient client, byte[] body, HttpCompletionOption until, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var response = await client.SendAsync(request, until, cancellation);
        response.EnsureSuccessStatusCode();
        return response;
    }
}

/// <summary>Calls an address as fast as a number of workers can, for a while.</summary>
internal static class Load
{
    public static async Task<Measured> RunAsync(Target target, bool stream, int concurrency, TimeSpan duration, CancellationToken cancellation)
    {
        using var client = target.Connect(concurrency);
        var body = Target.Body(stream);
        var until = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(client, target, body, until, cancellation), cancellation)));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = times.SelectMany(list => list).Order().ToArray();
        return new Measured(all.Length / elapsed, Milliseconds(all[all.Length / 2]), Milliseconds(all[(int)(all.Length * 0.99)]));
    }

    private static async Task<List<long>> WorkAsync(HttpClient client, Target target, byte[] body, long until, CancellationToken cancellation)
    {
        var times = new List<long>();
        while (Stopwatch.GetTimestamp() < until)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await target.SendAsync(client, body, HttpCompletionOption.ResponseContentRead, cancellation);
            await response.Content.ReadAsByteArrayAsync(cancellation);
            times.Add(Stopwatch.GetTimestamp() - started);
        }

        return times;
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
