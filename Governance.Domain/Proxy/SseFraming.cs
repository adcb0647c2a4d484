namespace Governance.Domain.Proxy;

/// <summary>Server-sent events (html.spec.whatwg.org, "Server-sent events"): lines end with LF, CR LF or CR, an empty line ends an event.</summary>
public sealed class SseFraming : StreamFraming
{
    private int _lineStart;
    private int _looked;
    private bool _hasContent;

    public override int FirstFrameLength(ReadOnlySpan<byte> buffer)
    {
        while (_looked < buffer.Length)
        {
            var offset = buffer[_looked..].IndexOfAny((byte)'\n', (byte)'\r');
            if (offset < 0)
            {
                _looked = buffer.Length;
                return 0;
            }

            var end = _looked = _looked + offset;
            var isCr = buffer[end] == '\r';
            if (isCr && end + 1 == buffer.Length) return 0; // The LF of a CR LF may still come.
            var next = isCr && buffer[end + 1] == '\n' ? end + 2 : end + 1;

            // Empty lines before any field belong to what follows them; only one that closes an event ends it.
            var isEmpty = end == _lineStart;
            if (isEmpty && _hasContent)
            {
                (_lineStart, _looked, _hasContent) = (0, 0, false);
                return next;
            }

            _hasContent |= !isEmpty;
            _lineStart = _looked = next;
        }

        return 0;
    }

    public override StreamFrame Read(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> name = default, data = default;
        List<byte>? joined = null;
        var any = false;
        while (!frame.IsEmpty)
        {
            var end = frame.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? frame : frame[..end];
            frame = end < 0 ? default : frame[(end + 1)..];
            if (line.StartsWith("event:"u8))
            {
                name = Value(line["event:"u8.Length..]);
                continue;
            }

            if (!line.StartsWith("data:"u8)) continue;
            var value = Value(line["data:"u8.Length..]);
            if (!any)
            {
                data = value;
                any = true;
                continue;
            }

            // Several data lines are joined by LF.
            joined ??= [.. data];
            joined.Add((byte)'\n');
            joined.AddRange(value);
        }

        return new StreamFrame(name, joined is null ? data : joined.ToArray());
    }

    public override byte[] LastFrame(string? name, ReadOnlySpan<byte> json) =>
        [.. name is null ? [] : System.Text.Encoding.UTF8.GetBytes($"event: {name}\n"), .. "data: "u8, .. json, .. "\n\n"u8];

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> value) => !value.IsEmpty && value[0] == ' ' ? value[1..] : value;
}
