namespace Governance.Infrastructure.Jobs;

/// <summary>
/// A thread for work that blocks often, as every commit of SQLite does: done on the thread pool, it would keep requests from the few threads there
/// are. Whatever the work awaits, it goes on on this thread.
/// </summary>
internal sealed class OwnThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private bool _ended;

    /// <summary>Does the work on a new thread.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="work">What to do.</param>
    /// <returns>Ends as the work ends.</returns>
    public static Task RunAsync(string name, Func<Task> work)
    {
        var ended = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => ended.SetResult(new OwnThread().Run(work))) { Name = name, IsBackground = true }.Start();
        return ended.Task.Unwrap();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_posted)
        {
            if (!_ended)
            {
                _posted.Enqueue((d, state));
                Monitor.Pulse(_posted);
                return;
            }
        }

        base.Post(d, state); // Nothing of the work is left; somebody else's late message goes to the pool.
    }

    public override SynchronizationContext CreateCopy() => this;

    private Task Run(Func<Task> work)
    {
        SetSynchronizationContext(this);
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.FromCurrentSynchronizationContext()).Unwrap();
        _ = task.ContinueWith(_ => End(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (Next() is { } next) next.Callback(next.State);
        return task;
    }

    private (SendOrPostCallback Callback, object? State)? Next()
    {
        lock (_posted)
        {
            while (_posted.Count == 0 && !_ended) Monitor.Wait(_posted);
            return _posted.TryDequeue(out var next) ? next : null;
        }
    }

    private void End()
    {
        lock (_posted)
        {
            _ended = true;
            Monitor.Pulse(_posted);
        }
    }
}
