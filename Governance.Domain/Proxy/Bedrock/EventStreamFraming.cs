using System.Text;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>Bedrock's streams: one message an event, whose kind stands in headers (smithy.io, "Event stream", "message-type").</summary>
public sealed class EventStreamFraming : StreamFraming
{
    public override bool EndCompletesFrame => false;

    public override int FirstFrameLength(ReadOnlySpan<byte> buffer)
    {
        var length = AwsEventStream.LengthOf(buffer);
        return length <= buffer.Length ? length : 0;
    }

    public override StreamFrame Read(ReadOnlySpan<byte> frame)
    {
        AwsEventStream.Divide(frame, out var headers, out var payload);
        var type = headers.Text(":message-type"u8);
        if (type.SequenceEqual("exception"u8)) return Failure(headers.Text(":exception-type"u8), payload);
        return type.SequenceEqual("error"u8) ? Failure(headers.Text(":error-code"u8), payload) : new StreamFrame(headers.Text(":event-type"u8), payload);
    }

    public override byte[] LastFrame(string? name, ReadOnlySpan<byte> json) => AwsEventStream.Write(
        json, (":exception-type", name ?? BedrockErrors.StreamError), (":content-type", "application/json"), (":message-type", "exception"));

    /// <summary>One without a name or data is one nevertheless.</summary>
    private static StreamFrame Failure(ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload) =>
        new(name.IsEmpty ? Encoding.UTF8.GetBytes(BedrockErrors.StreamError) : name, payload.IsEmpty ? "{}"u8 : payload);
}
