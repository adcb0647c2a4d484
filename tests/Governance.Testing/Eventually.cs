using System.Diagnostics;

namespace Governance.Testing;

/// <summary>Waits for a condition: often, briefly, and not for ever.</summary>
public static class Eventually
{
    /// <summary>How long a test waits for what must happen. Only a test that fails waits that long, so it is generous to a busy machine.</summary>
    public static TimeSpan Bound { get; } = TimeSpan.FromMinutes(2);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    /// <exception cref="TimeoutException">The condition did not come true in time; the message says which.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var bound = within ?? Bound;
        var started = Stopwatch.GetTimestamp();
        for (var wait = 1; !await condition(); wait = Math.Min(wait + 1, 20))
        {
            if (Stopwatch.GetElapsedTime(started) > bound) throw new TimeoutException($"Within {bound.TotalSeconds:N0} s it did not happen that {what}.");
            await Task.Delay(wait);
        }
    }

    /// <summary>Waits until there is a value.</summary>
    public static async Task<T> SomeAsync<T>(Func<Task<T?>> find, string what, TimeSpan? within = null)
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await find()) is not null, what, within);
        return found!;
    }
}
