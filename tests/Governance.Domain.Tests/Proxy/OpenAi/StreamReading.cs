using Governance.Domain.Costs;
using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy.OpenAi;

/// <summary>What a reader makes of a stream of server-sent events, in whichever pieces it comes.</summary>
internal sealed record StreamReading(
    string Parts, TokenUsage? Usage, long ContentBytes, UnitUsage Units = default, string? Model = null, string? ServiceTier = null, string? ErrorCode = null)
{
    /// <param name="reader">A fresh reader.</param>
    /// <param name="stream">All bytes.</param>
    /// <param name="sizes">The sizes of the pieces, over and over; none for one piece.</param>
    public static StreamReading Of(AnswerReader reader, byte[] stream, params int[] sizes)
    {
        var (framing, buffer, parts, taken) = (new SseFraming(), new List<byte>(), new List<AnswerPart>(), 0);
        for (var piece = 0; taken < stream.Length; piece++)
        {
            var size = sizes.Length == 0 ? stream.Length : Math.Min(sizes[piece % sizes.Length], stream.Length - taken);
            buffer.AddRange(stream[taken..(taken + size)]);
            taken += size;
            while (framing.FirstFrameLength(buffer.ToArray()) is > 0 and var length)
            {
                Read([.. buffer.Take(length)]);
                buffer.RemoveRange(0, length);
            }
        }

        Read([.. buffer]);
        return new StreamReading(string.Join(' ', parts), reader.Usage, reader.ContentBytes, reader.Units, reader.Model, reader.ServiceTier, reader.ErrorCode);

        void Read(byte[] frame)
        {
            var read = new SseFraming().Read(frame);
            if (!read.Data.IsEmpty) parts.Add(reader.ReadFrame(read));
        }
    }
}
