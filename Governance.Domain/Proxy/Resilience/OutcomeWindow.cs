namespace Governance.Domain.Proxy.Resilience;

/// <summary>Counts how calls ended within a sliding window, in ten slices of it.</summary>
internal sealed class OutcomeWindow(TimeSpan length)
{
    private const int Slices = 10;

    private readonly (long Slice, int Sound, int Failed)[] _slices = new (long, int, int)[Slices];
    private readonly long _ticks = Math.Max(1, length.Ticks / Slices);

    public void Add(DateTimeOffset now, bool failed)
    {
        var slice = now.UtcTicks / _ticks;
        ref var counts = ref _slices[slice % Slices];
        if (counts.Slice != slice) counts = (slice, 0, 0);
        if (failed) counts.Failed++;
        else counts.Sound++;
    }

    public (int Calls, int Failed) Count(DateTimeOffset now)
    {
        var oldest = (now.UtcTicks / _ticks) - Slices + 1;
        var (calls, failed) = (0, 0);
        foreach (var counts in _slices)
        {
            if (counts.Slice < oldest) continue;
            calls += counts.Sound + counts.Failed;
            failed += counts.Failed;
        }

        return (calls, failed);
    }

    public void Clear() => Array.Clear(_slices);
}
