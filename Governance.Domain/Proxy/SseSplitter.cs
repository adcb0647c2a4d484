namespace Governance.Domain.Proxy;

/// <summary>
/// Cuts server-sent events out of a byte stream without changing a byte. An event ends with an empty line; lines end with LF, CR LF or CR
/// (html.spec.whatwg.org, "Server-sent events").
/// </summary>
public static class SseSplitter
{
    /// <summary>The length of the first whole event in a buffer, its closing empty line included; 0 if none is whole yet.</summary>
    public static int FirstEventLength(ReadOnlySpan<byte> buffer)
    {
        var lineStart = 0;
        while (lineStart < buffer.Length)
        {
            var offset = buffer[lineStart..].IndexOfAny((byte)'\n', (byte)'\r');
            if (offset < 0) return 0;

            var end = lineStart + offset;
            var isCr = buffer[end] == '\r';
            if (isCr && end + 1 == buffer.Length) return 0; // The LF of a CR LF may still come.
            var next = isCr && buffer[end + 1] == '\n' ? end + 2 : end + 1;

            // Empty lines before any field belong to what follows them; only one that closes an event ends it.
            if (offset == 0 && HasContent(buffer[..lineStart])) return next;
            lineStart = next;
        }

        return 0;
    }

    /// <summary>The payload of an event: its one data line. Events of several data lines have their lines joined by LF.</summary>
    public static ReadOnlySpan<byte> Data(ReadOnlySpan<byte> sseEvent)
    {
        ReadOnlySpan<byte> found = default;
        List<byte>? joined = null;
        var any = false;
        while (!sseEvent.IsEmpty)
        {
            var end = sseEvent.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? sseEvent : sseEvent[..end];
            sseEvent = end < 0 ? default : sseEvent[(end + 1)..];
            if (!line.StartsWith("data:"u8)) continue;

            var value = line["data:"u8.Length..];
            if (!value.IsEmpty && value[0] == ' ') value = value[1..];
            if (!any)
            {
                found = value;
                any = true;
                continue;
            }

            joined ??= [.. found];
            joined.Add((byte)'\n');
            joined.AddRange(value);
        }

        return joined is null ? found : joined.ToArray();
    }

    private static bool HasContent(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)'\n', (byte)'\r') >= 0;
}
