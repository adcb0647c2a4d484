namespace Governance.Web.Api.Audit;

/// <summary>Counts the streams of events that are open in this process: each asks the database every second.</summary>
internal sealed class AuditStreams
{
    public const int Max = 20;

    private int _open;

    /// <summary>A place for one more stream, until it is disposed of; none if all are taken.</summary>
    public IDisposable? TryOpen()
    {
        if (Interlocked.Increment(ref _open) <= Max) return new Place(this);
        Interlocked.Decrement(ref _open);
        return null;
    }

    private sealed class Place(AuditStreams streams) : IDisposable
    {
        private int _taken = 1;

        public void Dispose() => Interlocked.Add(ref streams._open, -Interlocked.Exchange(ref _taken, 0));
    }
}
