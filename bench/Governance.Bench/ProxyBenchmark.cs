namespace Governance.Bench;

/// <summary>Measures pass-through and proxy alternately and prints the medians and their ratios.</summary>
internal static class ProxyBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(TimeSpan duration, int rounds, int[] concurrencies, string[] kinds, string? portkey, string? postgres, string[] set, CancellationToken cancellation)
    {
        using var product = await MeasuredProduct.StartAsync(postgres, people: 0, cancellation, set);
        using var baseline = await ChildProcess.StartAsync(
            typeof(ProxyBenchmark).Assembly.Location, ["pass-through", "--upstream", product.Stub.Url], new Dictionary<string, string>(), cancellation);

        using var other = portkey is null ? null : await StartPortkeyAsync(portkey, cancellation);
        Console.WriteLine($"{product.Database}; {rounds} rounds of {duration.TotalSeconds:0} s; medians of rounds; {Environment.ProcessorCount} cores shared by load, stub and server");
        Console.WriteLine("kind    conc.  pass-through req/s (p50/p99 ms)   proxy req/s (p50/p99 ms)      throughput ×   p50 ×   p99 ×   µs of processors a call");
        foreach (var kind in kinds)
        {
            var (bare, proxy) = (new Target(baseline.Url + "/v1/chat/completions", product.Key), product.Target);
            var gateway = other is null ? null : new Target(other.Url + "/v1/chat/completions", product.Key)
            {
                Headers = new Dictionary<string, string> { ["x-portkey-provider"] = "openai", ["x-portkey-custom-host"] = product.Stub.Url + "/v1" },
            };

            // Until the code that runs often has been compiled for that.
            foreach (var target in new[] { bare, proxy, gateway }.OfType<Target>()) await Load.RunAsync(target, kind == "stream", 16, WarmUp, cancellation);
            foreach (var concurrency in concurrencies)
                await CompareAsync(kind == "stream", concurrency, product, bare, gateway, duration, rounds, cancellation);
        }

        return 0;
    }

    private static async Task CompareAsync(
        bool stream, int concurrency, MeasuredProduct product, Target bare, Target? gateway, TimeSpan duration, int rounds, CancellationToken cancellation)
    {
        var (bares, proxies, gateways, times) = (new List<Measured>(), new List<Measured>(), new List<Measured>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var length = round < 0 ? TimeSpan.FromSeconds(1) : duration; // The first round warms up and is dropped.
            foreach (var (target, results) in new[] { (bare, bares), (product.Target, proxies), (gateway, gateways) })
            {
                if (target is null) continue;
                var before = product.ProcessorTime;
                var measured = await Load.RunAsync(target, stream, concurrency, length, cancellation);
                if (round < 0) continue;
                results.Add(measured);
                if (ReferenceEquals(results, proxies)) times.Add((product.ProcessorTime - before).TotalMicroseconds / (measured.PerSecond * length.TotalSeconds));
            }
        }

        var (b, g) = (Medians.Of(bares), Medians.Of(proxies));
        Console.WriteLine(
            $"{(stream ? "stream" : "plain"),-7} {concurrency,5}  {b.PerSecond,10:0}  ({b.Median,6:0.00}/{b.P99,7:0.00})       {g.PerSecond,10:0}  ({g.Median,6:0.00}/{g.P99,7:0.00})     {g.PerSecond / b.PerSecond,8:0.00} {g.Median / b.Median,10:0.0} {g.P99 / b.P99,7:0.0} {Medians.Middle(times),8:0}");
        if (gateway is null) return;
        var p = Medians.Of(gateways);
        Console.WriteLine($"        Portkey: {p.PerSecond:0} req/s ({p.Median:0.00}/{p.P99:0.00} ms); the proxy makes {g.PerSecond / p.PerSecond:0.0} times as many");
    }

    /// <summary>Another gateway, from a folder where npm has installed it.</summary>
    private static Task<ChildProcess> StartPortkeyAsync(string folder, CancellationToken cancellation) => ChildProcess.StartProgramAsync(
        "node", [Path.Combine(folder, "node_modules/@portkey-ai/gateway/build/start-server.js"), "--port=8787", "--headless"],
        new Dictionary<string, string> { ["TRUSTED_CUSTOM_HOSTS"] = "127.0.0.1" }, cancellation);
}
