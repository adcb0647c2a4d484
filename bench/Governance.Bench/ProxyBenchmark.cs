namespace Governance.Bench;

/// <summary>Measures pass-through and proxy alternately and prints the medians and their ratios.</summary>
internal static class ProxyBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(TimeSpan duration, int rounds, int[] concurrencies, string[] kinds, string? postgres, CancellationToken cancellation)
    {
        using var product = await MeasuredProduct.StartAsync(postgres, people: 0, cancellation);
        using var baseline = await ChildProcess.StartAsync(
            typeof(ProxyBenchmark).Assembly.Location, ["pass-through", "--upstream", product.Stub.Url], new Dictionary<string, string>(), cancellation);

        Console.WriteLine($"{product.Database}; {rounds} rounds of {duration.TotalSeconds:0} s; medians of rounds; {Environment.ProcessorCount} cores shared by load, stub and server");
        Console.WriteLine("kind    conc.  pass-through req/s (p50/p99 ms)   proxy req/s (p50/p99 ms)      throughput ×   p50 ×   p99 ×");
        foreach (var kind in kinds)
        {
            // Until the code that runs often has been compiled for that.
            foreach (var url in new[] { baseline.Url + "/v1/chat/completions", product.CompletionsUrl }) await Load.RunAsync(url, product.Key, kind == "stream", 16, WarmUp, cancellation);
            foreach (var concurrency in concurrencies)
                await CompareAsync(kind == "stream", concurrency, baseline.Url + "/v1/chat/completions", product.CompletionsUrl, product.Key, duration, rounds, cancellation);
        }

        return 0;
    }

    private static async Task CompareAsync(
        bool stream, int concurrency, string baseline, string proxy, string key, TimeSpan duration, int rounds, CancellationToken cancellation)
    {
        var (bare, governed) = (new List<Measured>(), new List<Measured>());
        for (var round = -1; round < rounds; round++)
        {
            var length = round < 0 ? TimeSpan.FromSeconds(1) : duration; // The first round warms up and is dropped.
            var left = await Load.RunAsync(baseline, key, stream, concurrency, length, cancellation);
            var right = await Load.RunAsync(proxy, key, stream, concurrency, length, cancellation);
            if (round < 0) continue;
            bare.Add(left);
            governed.Add(right);
        }

        var (b, g) = (Medians.Of(bare), Medians.Of(governed));
        Console.WriteLine(
            $"{(stream ? "stream" : "plain"),-7} {concurrency,5}  {b.PerSecond,10:0}  ({b.Median,6:0.00}/{b.P99,7:0.00})       {g.PerSecond,10:0}  ({g.Median,6:0.00}/{g.P99,7:0.00})     {g.PerSecond / b.PerSecond,8:0.00} {g.Median / b.Median,10:0.0} {g.P99 / b.P99,7:0.0}");
    }
}
