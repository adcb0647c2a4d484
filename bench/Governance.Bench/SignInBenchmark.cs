using System.Diagnostics;
using System.Net;

namespace Governance.Bench;

/// <summary>
/// Measures what many sign-ins at once cost: the memory of the process, and the proxy's latency beside them against the proxy's alone.
/// Each of the people opens the page, sends the form with the right password, and begins again.
/// </summary>
internal static class SignInBenchmark
{
    private const int People = 64;
    private const string Path = "/account/sign-in";

    private static readonly int[] Concurrencies = [1, 16];

    public static async Task<int> RunAsync(TimeSpan duration, int rounds, string? postgres, CancellationToken cancellation)
    {
        using var product = await MeasuredProduct.StartAsync(postgres, People, cancellation);
        await Load.RunAsync(product.Target, stream: false, 16, TimeSpan.FromSeconds(2), cancellation); // Warms up.
        await SignInsAsync(product.Url, TimeSpan.FromSeconds(2), cancellation);

        Console.WriteLine($"{product.Database}; {rounds} rounds of {duration.TotalSeconds:0} s; medians of rounds; {Environment.ProcessorCount} cores shared by load, stub and server");
        foreach (var concurrency in Concurrencies)
        {
            var (quiet, beside, signIns) = (new List<Measured>(), new List<Measured>(), new List<SignIns>());
            for (var round = 0; round < rounds; round++)
            {
                quiet.Add(await ProxyAsync(concurrency));
                var signingIn = SignInsAsync(product.Url, duration, cancellation);
                beside.Add(await ProxyAsync(concurrency));
                signIns.Add(await signingIn);
            }

            var (alone, with) = (Medians.Of(quiet), Medians.Of(beside));
            Console.WriteLine($"proxy, {concurrency} at once: alone {alone.PerSecond:0} req/s (p50 {alone.Median:0.00}, p99 {alone.P99:0.00} ms); "
                + $"beside {People} sign-ins {with.PerSecond:0} req/s (p50 {with.Median:0.00}, p99 {with.P99:0.00} ms); "
                + $"p50 × {with.Median / alone.Median:0.0}, p99 × {with.P99 / alone.P99:0.0}");
            Console.WriteLine($"  sign-ins: {Medians.Middle(signIns.Select(each => each.PerSecond)):0.0}/s, "
                + $"p50 {Medians.Middle(signIns.Select(each => each.Median)):0} ms, {signIns.Sum(each => each.Refused)} of {signIns.Sum(each => each.Count)} refused");
        }

        Console.WriteLine($"most memory of the process: {product.PeakMemory:0} MiB");
        return 0;

        Task<Measured> ProxyAsync(int concurrency) => Load.RunAsync(product.Target, stream: false, concurrency, duration, cancellation);
    }

    private static async Task<SignIns> SignInsAsync(string url, TimeSpan duration, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var attempts = await Task.WhenAll(Enumerable.Range(0, People).Select(person => Task.Run(() => WorkAsync(url, person, started, duration, cancellation), cancellation)));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = attempts.SelectMany(list => list).ToArray();
        return new SignIns(
            all.Length, all.Count(attempt => attempt.Status != HttpStatusCode.Found), all.Length / elapsed, Medians.Middle(all.Select(attempt => attempt.Time.TotalMilliseconds)));
    }

    private static async Task<List<(HttpStatusCode Status, TimeSpan Time)>> WorkAsync(string url, int person, long started, TimeSpan duration, CancellationToken cancellation)
    {
        var attempts = new List<(HttpStatusCode Status, TimeSpan Time)>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            using var visitor = new Visitor(url);
            var fields = await visitor.OpenAsync(Path, cancellation);
            attempts.Add(await visitor.SendAsync(Path, fields, MeasuredProduct.EmailOf(person), MeasuredProduct.Password, cancellation));
        }

        return attempts;
    }

    /// <summary>What a round of sign-ins gave.</summary>
    /// <param name="Count">How many forms were sent.</param>
    /// <param name="Refused">How many did not sign in.</param>
    /// <param name="PerSecond">Forms a second.</param>
    /// <param name="Median">Milliseconds from sending the form to its answer.</param>
    private readonly record struct SignIns(int Count, int Refused, double PerSecond, double Median);
}
