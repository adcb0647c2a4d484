namespace Governance.Domain.Proxy;

/// <summary>
/// Cuts one stream into frames without changing a byte, and frames what the proxy itself has to say in it. An instance belongs to one
/// stream: it remembers how far it has looked for the end of the present frame, so that a long frame in small pieces costs no more.
/// </summary>
public abstract class StreamFraming
{
    /// <summary>The length of the first whole frame, what divides it from the next included; 0 if it is not whole yet.</summary>
    /// <param name="buffer">All bytes from the end of the frame before, each time the same and more.</param>
    /// <exception cref="InvalidDataException">These bytes can never become a frame.</exception>
    public abstract int FirstFrameLength(ReadOnlySpan<byte> buffer);

    /// <summary>Whether what stands behind the last whole frame can be one that the stream's end completes; otherwise it is a broken one.</summary>
    public virtual bool EndCompletesFrame => true;

    /// <summary>What a whole frame says.</summary>
    /// <exception cref="InvalidDataException">It is not what its framing promises.</exception>
    public abstract StreamFrame Read(ReadOnlySpan<byte> frame);

    /// <summary>A last frame of the proxy's own, after which the stream ends.</summary>
    /// <param name="name">The event's name; none where the format has its events without.</param>
    /// <param name="json">The event's data.</param>
    public abstract byte[] LastFrame(string? name, ReadOnlySpan<byte> json);
}

/// <summary>One frame of a stream.</summary>
public readonly ref struct StreamFrame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
{
    /// <summary>The event's name as the framing carries it; empty where it carries none.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The event's data; empty for frames that only keep the connection alive.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;
}
