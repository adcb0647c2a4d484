using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Governance.Domain;

/// <summary>Text that is written from its beginning to its end, as UTF-8.</summary>
/// <param name="capacity">How many bytes it is expected to have.</param>
internal sealed class Utf8Text(int capacity)
{
    private const int Longest = 64;

    private readonly ArrayBufferWriter<byte> _bytes = new(capacity);

    public Utf8Text Append(ReadOnlySpan<byte> text)
    {
        _bytes.Write(text);
        return this;
    }

    public Utf8Text Append(ReadOnlySpan<char> text)
    {
        Encoding.UTF8.GetBytes(text, _bytes);
        return this;
    }

    /// <summary>Appends a number, an id or a moment, whose text has at most 64 bytes.</summary>
    public Utf8Text Append<T>(T value, string? format = null)
        where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(_bytes.GetSpan(Longest), out var length, format, CultureInfo.InvariantCulture)) throw new ArgumentException($"A {typeof(T).Name} is longer than {Longest} bytes.", nameof(value));
        _bytes.Advance(length);
        return this;
    }

    /// <summary>Appends bytes as base64url, without padding.</summary>
    public Utf8Text AppendBase64Url(ReadOnlySpan<byte> bytes)
    {
        _bytes.Advance(Base64Url.EncodeToUtf8(bytes, _bytes.GetSpan(Base64Url.GetEncodedLength(bytes.Length))));
        return this;
    }

    public byte[] ToBytes() => _bytes.WrittenSpan.ToArray();

    public override string ToString() => Encoding.UTF8.GetString(_bytes.WrittenSpan);
}
