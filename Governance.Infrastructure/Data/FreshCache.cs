using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Governance.Infrastructure.Data;

/// <summary>
/// Keeps what was read for a moment. However many ask for the same thing at once, it is read once, and they wait for that: each call asks, and all
/// at the moment when what was kept is no longer fresh.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="freshness">A change made in another process counts here after at most this long; one of this process is announced (<c>Forget</c>).</param>
internal sealed class FreshCache<TKey, TValue>(TimeProvider time, TimeSpan freshness)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Reading> _readings = new();

    /// <summary>How many values are kept; at more, all are read anew.</summary>
    public int Capacity { get; init; } = 10_000;

    public int Count => _readings.Count;

    /// <summary>The value of a key. One that does not exist (null), or could not be read, is not kept.</summary>
    /// <param name="key">Which.</param>
    /// <param name="read">Reads it; not cancelled with one of those who wait for it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<TValue> GetAsync(TKey key, Func<TKey, Task<TValue>> read, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var known = _readings.TryGetValue(key, out var reading);
            if (known && now - reading!.At < freshness)
                return reading.TryGet(out var value) ? new(value) : new(reading.Value.WaitAsync(cancellation));

            if (!known && _readings.Count >= Capacity) _readings.Clear();
            var mine = new Reading(now);
            if (known ? !_readings.TryUpdate(key, mine, reading!) : !_readings.TryAdd(key, mine)) continue; // Somebody else reads.
            _ = RunAsync(key, mine, read);
            return new(mine.Value.WaitAsync(cancellation));
        }
    }

    /// <summary>To be called after a change was committed: whoever asks from now on reads anew, also if the value is just being read.</summary>
    public void Forget(TKey key) => _readings.TryRemove(key, out _);

    /// <inheritdoc cref="Forget(TKey)"/>
    public void Forget() => _readings.Clear();

    /// <inheritdoc cref="Forget(TKey)"/>
    /// <param name="which">Values to forget. What is just being read might be one of them.</param>
    public void Forget(Func<TValue, bool> which)
    {
        foreach (var reading in _readings)
        {
            if (!reading.Value.TryGet(out var value) || which(value)) _readings.TryRemove(reading);
        }
    }

    private async Task RunAsync(TKey key, Reading reading, Func<TKey, Task<TValue>> read)
    {
        try
        {
            var value = await read(key);
            if (value is null) _readings.TryRemove(KeyValuePair.Create(key, reading));
            reading.End(value);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _readings.TryRemove(KeyValuePair.Create(key, reading));
            reading.Fail(exception);
        }
    }

    /// <summary>A value that was read, or is being read.</summary>
    private sealed class Reading(DateTimeOffset at)
    {
        private readonly TaskCompletionSource<TValue> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TValue? _value;
        private volatile bool _read;

        /// <summary>When reading it began.</summary>
        public DateTimeOffset At => at;

        public Task<TValue> Value => _source.Task;

        public bool TryGet([MaybeNullWhen(false)] out TValue value)
        {
            (var read, value) = (_read, _value);
            return read;
        }

        public void End(TValue value)
        {
            (_value, _read) = (value, true);
            _source.SetResult(value);
        }

        public void Fail(Exception exception)
        {
            _source.SetException(exception);
            _ = Value.Exception; // Seen, also if nobody waits any more.
        }
    }
}
