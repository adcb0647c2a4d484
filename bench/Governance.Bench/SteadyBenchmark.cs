using System.Diagnostics;

namespace Governance.Bench;

/// <summary>Memory under a steady load.</summary>
internal static class SteadyBenchmark
{
    private const int Connections = 256;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(TimeSpan duration, int rate, string? postgres, string[] set, CancellationToken cancellation)
    {
        using var product = await MeasuredProduct.StartAsync(postgres, people: 0, cancellation, set);
        var target = product.Target;
        using var client = target.Connect(Connections);
        var body = Target.Body(stream: false);
        Console.WriteLine($"{product.Database}; {rate} calls a second for {duration.TotalMinutes:0.#} min");
        Console.WriteLine("minute   calls   failed   open   MiB   most MiB since the last line");
        var (made, failed, open, most, started, reported) = (0, 0, 0, 0.0, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        using var timer = new PeriodicTimer(Tick);
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < duration && await timer.WaitForNextTickAsync(cancellation))
        {
            for (var due = (int)(elapsed.TotalSeconds * rate); made < due; made++) _ = CallAsync();
            most = Math.Max(most, product.Memory);
            if (elapsed - reported < Report) continue;
            Console.WriteLine($"{elapsed.TotalMinutes,6:0.0} {made,7} {failed,8} {open,6} {product.Memory,5:0} {most,5:0}");
            (reported, most) = (elapsed, 0);
        }

        while (Volatile.Read(ref open) > 0) await Task.Delay(Tick, cancellation);
        Console.WriteLine($"all {made} calls ended, {failed} failed; {product.Memory:0} MiB at the end, {product.PeakMemory:0} MiB at most from the start of the process on");
        return failed == 0 ? 0 : 1;

        async Task CallAsync()
        {
            Interlocked.Increment(ref open);
            try
            {
                using var response = await target.SendAsync(client, body, HttpCompletionOption.ResponseContentRead, cancellation);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref failed);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        }
    }
}
