using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy;

/// <summary>What became of a stream whose bytes came in pieces: its frames as bytes, what each was, and the bytes that are no frame.</summary>
internal sealed record StreamRun(IReadOnlyList<string> Frames, IReadOnlyList<AnswerPart> Parts, string Left)
{
    /// <param name="framing">Cuts the stream.</param>
    /// <param name="reader">Reads its frames.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="sizes">How long each piece is, over and over; everything at once if there are none.</param>
    public static StreamRun Of(StreamFraming framing, AnswerReader reader, byte[] stream, params int[] sizes)
    {
        var (frames, parts) = (new List<string>(), new List<AnswerPart>());
        var (start, end) = (0, 0);
        for (var piece = 0; end < stream.Length; piece++)
        {
            end = sizes.Length == 0 ? stream.Length : Math.Min(stream.Length, end + sizes[piece % sizes.Length]);
            while (framing.FirstFrameLength(stream.AsSpan(start..end)) is > 0 and var length)
            {
                var frame = framing.Read(stream.AsSpan(start, length));
                frames.Add(Convert.ToHexString(stream.AsSpan(start, length)));
                if (!frame.Data.IsEmpty) parts.Add(reader.ReadFrame(frame));
                start += length;
            }
        }

        return new StreamRun(frames, parts, Convert.ToHexString(stream.AsSpan(start)));
    }
}
