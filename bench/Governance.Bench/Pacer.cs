using System.Diagnostics;

namespace Governance.Bench;

/// <summary>
/// Waits to the millisecond. The runtime's timers go by a clock that moves every 4 ms on many kernels: by them 5 ms are 8, and all streams step, end and begin at the
/// same moments.
/// </summary>
internal sealed class Pacer
{
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    public Pacer() => new Thread(Run) { IsBackground = true, Name = "pacer" }.Start();

    public Task WaitAsync(TimeSpan time)
    {
        var (due, waits) = (Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_waiting)
        {
            _waiting.Enqueue(waits, due);
            if (_waiting.Peek() == waits) Monitor.Pulse(_waiting);
        }

        return waits.Task;
    }

    private void Run()
    {
        lock (_waiting)
        {
            while (true)
            {
                if (!_waiting.TryPeek(out var next, out var due)) Monitor.Wait(_waiting);
                else if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var left && left > TimeSpan.Zero) Monitor.Wait(_waiting, (int)Math.Ceiling(left.TotalMilliseconds));
                else
                {
                    _waiting.Dequeue();
                    next.SetResult();
                }
            }
        }
    }
}
