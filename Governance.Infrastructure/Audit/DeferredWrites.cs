namespace Governance.Infrastructure.Audit;

/// <summary>
/// Keeps what is written synchronously until the next asynchronous write. A zip's entries end with a synchronous write however they are
/// closed, and a response takes none.
/// </summary>
internal sealed class DeferredWrites(Stream target) : Stream
{
    private readonly MemoryStream _waiting = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => _waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await WriteWaitingAsync(cancellationToken);
        await target.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
        // The next asynchronous write brings it.
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await WriteWaitingAsync(cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WriteWaitingAsync(CancellationToken cancellation)
    {
        if (_waiting.Length == 0) return;
        await target.WriteAsync(_waiting.GetBuffer().AsMemory(0, (int)_waiting.Length), cancellation);
        _waiting.SetLength(0);
    }
}
