namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// Server-sent events, but for an error inside the stream: it stands there as a bare object, and only as such do Google's SDKs raise it
/// (github.com/googleapis/js-genai, <c>processStreamResponse</c>).
/// </summary>
public sealed class GeminiEventFraming : StreamFraming
{
    private readonly SseFraming _events = new();

    public override int FirstFrameLength(ReadOnlySpan<byte> buffer) => _events.FirstFrameLength(buffer);

    public override StreamFrame Read(ReadOnlySpan<byte> frame)
    {
        var bare = frame.Trim(" \t\r\n"u8);
        return bare.StartsWith("{"u8) ? new StreamFrame(default, bare) : _events.Read(frame);
    }

    public override byte[] LastFrame(string? name, ReadOnlySpan<byte> json) => [.. json, .. "\r\n\r\n"u8];
}
