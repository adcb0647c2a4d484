using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Governance.Bench;

/// <summary>What a measurement gave.</summary>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal readonly record struct Measured(double PerSecond, double Median, double P99);

/// <summary>Calls an address as fast as a number of workers can, for a while.</summary>
internal static class Load
{
    public static async Task<Measured> RunAsync(string url, string key, bool stream, int concurrency, TimeSpan duration, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = concurrency, UseCookies = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var body = Encoding.UTF8.GetBytes($$"""{"model":"gpt-5-mini","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"How much did we spend last month, and on what?"}]}""");
        var until = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(() => WorkAsync(client, url, body, until, cancellation), cancellation)));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = times.SelectMany(list => list).Order().ToArray();
        return new Measured(all.Length / elapsed, Milliseconds(all[all.Length / 2]), Milliseconds(all[(int)(all.Length * 0.99)]));
    }

    private static async Task<List<long>> WorkAsync(HttpClient client, string url, byte[] body, long until, CancellationToken cancellation)
    {
        var times = new List<long>();
        while (Stopwatch.GetTimestamp() < until)
        {
            var started = Stopwatch.GetTimestamp();
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await client.PostAsync(url, content, cancellation);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellation);
            times.Add(Stopwatch.GetTimestamp() - started);
        }

        return times;
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
