namespace Governance.Infrastructure.Audit;

/// <summary>An export that is written to a file, for the person who asked for it.</summary>
public sealed class AuditExportRun : IProgress<long>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly FileStream _file;
    private volatile AuditExportState _state;
    private long _written;

    internal AuditExportRun(Guid id, Guid ownerId, AuditExportPlan plan, FileStream file, DateTimeOffset at) =>
        (Id, OwnerId, Plan, _file, StartedAt) = (id, ownerId, plan, file, at);

    public Guid Id { get; }

    /// <summary>What it holds.</summary>
    public AuditExportPlan Plan { get; }

    /// <summary>How many entries are written, of <see cref="AuditExportPlan.Count"/>.</summary>
    public long Written => Interlocked.Read(ref _written);

    public AuditExportState State => _state;

    public DateTimeOffset StartedAt { get; }

    internal Guid OwnerId { get; }

    void IProgress<long>.Report(long value) => Interlocked.Exchange(ref _written, value);

    /// <summary>Has the file written.</summary>
    /// <exception cref="Exception">It could not be; the file is deleted.</exception>
    internal async Task WriteAsync(Func<Stream, CancellationToken, Task> write)
    {
        try
        {
            await write(_file, _stopping.Token);
            _file.Position = 0;
            if (Move(AuditExportState.Writing, AuditExportState.Ready)) return;
        }
        catch (Exception) when (State == AuditExportState.Gone)
        {
            // It was stopped.
        }
        catch (Exception)
        {
            Move(AuditExportState.Writing, AuditExportState.Failed);
            await _file.DisposeAsync();
            throw;
        }

        await _file.DisposeAsync();
    }

    /// <summary>The file, once; whoever takes it closes it, which deletes it.</summary>
    internal FileStream? Take() => Move(AuditExportState.Ready, AuditExportState.Gone) ? _file : null;

    /// <summary>Stops writing it, or deletes what waits.</summary>
    public void Dispose()
    {
        if (Move(AuditExportState.Writing, AuditExportState.Gone)) _stopping.Cancel(); // Whoever writes closes the file.
        else if (Move(AuditExportState.Ready, AuditExportState.Gone)) _file.Dispose();
        else Move(AuditExportState.Failed, AuditExportState.Gone);
        _stopping.Dispose();
    }

    private bool Move(AuditExportState from, AuditExportState to) => Interlocked.CompareExchange(ref _state, to, from) == from;
}

/// <summary>How far an export is.</summary>
public enum AuditExportState
{
    /// <summary>Entries are being written.</summary>
    Writing,

    /// <summary>The file waits to be downloaded.</summary>
    Ready,

    /// <summary>It could not be written.</summary>
    Failed,

    /// <summary>It was downloaded or given up.</summary>
    Gone,
}
