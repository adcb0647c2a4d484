using System.Text;
using System.Text.RegularExpressions;

namespace Governance.Testing.Mail;

/// <summary>A mail as a mailbox shows it: read back from RFC 5322 text.</summary>
/// <param name="Headers">The outer headers in their order, unfolded and decoded.</param>
/// <param name="Plain">The plain text.</param>
/// <param name="Html">The HTML.</param>
/// <param name="Recipients">Who the envelope named; empty for a file.</param>
/// <param name="Secured">Whether it came over TLS.</param>
/// <param name="Raw">All of it.</param>
public sealed record ReceivedMail(
    IReadOnlyList<(string Name, string Value)> Headers, string Plain, string Html, IReadOnlyList<string> Recipients, bool Secured, string Raw)
{
    private static readonly Regex AnyLink = Pattern(@"https?://\S+");
    private static readonly Regex Boundary = Pattern(@"boundary=""?(?<name>[^"";]+)");
    private static readonly Regex Fold = Pattern(@"\r\n[ \t]+");
    private static readonly Regex SoftBreak = Pattern(@"=\r\n");
    private static readonly Regex QuotedByte = Pattern("=(?<hex>[0-9A-F]{2})");
    private static readonly Regex BetweenWords = Pattern(@"\?=\s+=\?");
    private static readonly Regex EncodedWord = Pattern(@"=\?utf-8\?(?<how>[BQ])\?(?<text>[^?]*)\?=");

    public string To => Header("To");

    public string Subject => Header("Subject");

    /// <summary>Where the mail's button leads.</summary>
    public Uri Link => new(AnyLink.Match(Plain) is { Success: true } found ? found.Value : throw new InvalidOperationException($"No link in: {Plain}"));

    /// <summary>A header that stands there exactly once.</summary>
    public string Header(string name) => Headers.Single(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public static ReceivedMail Parse(string raw, IReadOnlyList<string>? recipients = null, bool secured = false)
    {
        var (headers, body) = Split(raw);
        var boundary = Boundary.Match(headers.Single(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value).Groups["name"].Value;
        var parts = body.Split($"--{boundary}").Skip(1).SkipLast(1).Select(part => Split(part[2..])).ToList();
        return new ReceivedMail(headers, Text(parts, "text/plain"), Text(parts, "text/html"), recipients ?? [], secured, raw);
    }

    private static string Text(List<(List<(string Name, string Value)> Headers, string Body)> parts, string type)
    {
        var (headers, body) = parts.Single(part => part.Headers.Exists(
            header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && header.Value.StartsWith(type, StringComparison.OrdinalIgnoreCase)));
        var encoding = headers.Single(header => header.Name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase)).Value;
        return encoding.ToUpperInvariant() switch
        {
            "7BIT" => body,
            "QUOTED-PRINTABLE" => Unquote(SoftBreak.Replace(body, "")),
            _ => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
        };
    }

    private static (List<(string Name, string Value)> Headers, string Body) Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = Fold.Replace(text[..end], " ").Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).Select(parts => (parts[0], Words(parts[1].Trim()))).ToList();
        return (headers, text[(end + 4)..]);
    }

    /// <summary>Decodes the encoded words of a header (RFC 2047).</summary>
    private static string Words(string value) => EncodedWord.Replace(
        BetweenWords.Replace(value, "?==?"),
        word => word.Groups["how"].Value is "B" or "b"
            ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value))
            : Unquote(word.Groups["text"].Value.Replace('_', ' ')));

    private static string Unquote(string text) =>
        Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(QuotedByte.Replace(text, code => $"{(char)Convert.ToByte(code.Groups["hex"].Value, 16)}")));

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase);
}
