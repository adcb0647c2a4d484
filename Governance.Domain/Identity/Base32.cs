using System.Text;

namespace Governance.Domain.Identity;

/// <summary>Base32 of RFC 4648, section 6, without padding: letters and digits that people can read out and type.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerCharacter = 5;

    public static string Encode(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder((data.Length * 8 / BitsPerCharacter) + 1);
        var (buffer, bits) = (0, 0);
        foreach (var value in data)
        {
            buffer = (buffer << 8) | value;
            for (bits += 8; bits >= BitsPerCharacter; bits -= BitsPerCharacter) text.Append(Alphabet[(buffer >> (bits - BitsPerCharacter)) & 31]);
            buffer &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(Alphabet[(buffer << (BitsPerCharacter - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>Groups of four characters, to be read and typed: <c>MFRG GZDF MZTW</c>.</summary>
    public static string Group(string text, char separator) => string.Join(separator, text.Chunk(4).Select(group => new string(group)));

    /// <summary>What somebody typed, as <see cref="Encode"/> would have written it: without separators, in capitals.</summary>
    public static string Ungroup(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
