using System.Diagnostics;

namespace Governance.Bench;

/// <summary>What the proxy adds to the time until a stream's first byte, and what many open streams take.</summary>
internal static class StreamBenchmark
{
    private const int Concurrency = 16;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <summary>So long are the streams that are open at once.</summary>
    private static readonly TimeSpan SlowPace = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(TimeSpan duration, int rounds, int open, string? postgres, string[] set, CancellationToken cancellation)
    {
        using var product = await MeasuredProduct.StartAsync(postgres, people: 0, cancellation, set);
        using var baseline = await ChildProcess.StartAsync(
            typeof(StreamBenchmark).Assembly.Location, ["pass-through", "--upstream", product.Stub.Url], new Dictionary<string, string>(), cancellation);
        var (bare, proxy) = (new Target(baseline.Url + "/v1/chat/completions", product.Key), product.Target);
        await FirstByteAsync(bare, WarmUp, cancellation);
        await FirstByteAsync(proxy, WarmUp, cancellation);
        var (bares, proxies) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            bares.Add(await FirstByteAsync(bare, duration, cancellation));
            proxies.Add(await FirstByteAsync(proxy, duration, cancellation));
        }

        var (b, p) = (Medians.Middle(bares), Medians.Middle(proxies));
        Console.WriteLine($"{product.Database}; streams at {Pace.TotalMilliseconds:0} ms a chunk, {Concurrency} at once; medians of {rounds} rounds of {duration.TotalSeconds:0} s");
        Console.WriteLine($"first byte at the median, without the stub's pace: pass-through {b:0.00} ms, proxy {p:0.00} ms, added {p - b:0.00} ms");
        await OpenAsync(product, proxy, open, cancellation);
        return 0;
    }

    /// <returns>The median in milliseconds, without the time for which the stub keeps it.</returns>
    private static async Task<double> FirstByteAsync(Target target, TimeSpan duration, CancellationToken cancellation)
    {
        using var client = target.Connect(Concurrency);
        var (body, until) = (Target.Body(stream: true, Pace), Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency));
        var times = await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => Task.Run(WorkAsync, cancellation)));
        return Medians.Middle(times.SelectMany(list => list));

        async Task<List<double>> WorkAsync()
        {
            var (times, buffer) = (new List<double>(), new byte[16 * 1024]);
            while (Stopwatch.GetTimestamp() < until)
            {
                var started = Stopwatch.GetTimestamp();
                using var response = await target.SendAsync(client, body, HttpCompletionOption.ResponseHeadersRead, cancellation);
                await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
                var read = await stream.ReadAsync(buffer, cancellation);
                times.Add((Stopwatch.GetElapsedTime(started) - StubProvider.KeptOf(buffer.AsSpan(0, read))).TotalMilliseconds);
                while (await stream.ReadAsync(buffer, cancellation) > 0)
                {
                    // The rest of the stream.
                }
            }

            return times;
        }
    }

    private static async Task OpenAsync(MeasuredProduct product, Target target, int count, CancellationToken cancellation)
    {
        using var client = target.Connect(count);
        var (body, before, most, ended) = (Target.Body(stream: true, SlowPace), product.Memory, 0.0, 0);
        var streams = Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            using var response = await target.SendAsync(client, body, HttpCompletionOption.ResponseHeadersRead, cancellation);
            await response.Content.ReadAsByteArrayAsync(cancellation);
            Interlocked.Increment(ref ended);
        }));
        while (await Task.WhenAny(streams, Task.Delay(200, cancellation)) != streams) most = Math.Max(most, product.Memory);
        await streams;
        Console.WriteLine($"{count} streams of {StubProvider.Chunks * SlowPace.TotalSeconds:0} s opened at once, {ended} ended well: {before:0} MiB before, {most:0} MiB at most meanwhile");
    }
}
