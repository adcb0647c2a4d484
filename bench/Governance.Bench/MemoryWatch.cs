namespace Governance.Bench;

/// <summary>Watches the memory of this process while something goes on.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly System.Diagnostics.Process _process = System.Diagnostics.Process.GetCurrentProcess();
    private readonly List<(double Managed, double WorkingSet)> _samples = [];
    private readonly Timer _timer;

    public MemoryWatch()
    {
        GC.Collect();
        _timer = new Timer(_ => Sample(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    public override string ToString()
    {
        lock (_samples)
        {
            var half = _samples.Count / 2;
            return $"managed memory at most {Most(_samples.Take(half)).Managed:0} MiB in the first half and {Most(_samples.Skip(half)).Managed:0} in the second, "
                + $"working set at most {Most(_samples.Take(half)).WorkingSet:0} and {Most(_samples.Skip(half)).WorkingSet:0} MiB";
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _process.Dispose();
    }

    private static (double Managed, double WorkingSet) Most(IEnumerable<(double Managed, double WorkingSet)> samples) =>
        samples.Aggregate((Managed: 0.0, WorkingSet: 0.0), (most, sample) => (Math.Max(most.Managed, sample.Managed), Math.Max(most.WorkingSet, sample.WorkingSet)));

    private void Sample()
    {
        lock (_samples)
        {
            _process.Refresh();
            _samples.Add((GC.GetTotalMemory(forceFullCollection: false) / (1024.0 * 1024), _process.WorkingSet64 / (1024.0 * 1024)));
        }
    }
}
