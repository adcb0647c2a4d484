using System.Buffers;
using System.Buffers.Text;

namespace Governance.Domain.Identity.Tokens;

/// <summary>Base64url as RFC 7515, 2 wants it: no padding, no white space, and only the one spelling of each octet sequence.</summary>
internal static class StrictBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The octets; none if the text is not exactly what <see cref="Encode"/> makes of them.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')) return null;
        }

        if (text.Length % 4 == 1) return null;

        // The last character may carry bits that belong to no octet; a decoder that ignores them accepts several spellings.
        var bytes = new byte[text.Length * 3 / 4];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
            && written == bytes.Length && text.SequenceEqual(Encode(bytes))
            ? bytes
            : null;
    }
}
