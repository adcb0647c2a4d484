using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>
/// A request in the one form in which both sides sign it (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
/// "Create a canonical request").
/// </summary>
internal static class AwsCanonicalRequest
{
    public static string Of(AwsRequest request, IReadOnlyList<string> signedHeaders)
    {
        var text = new StringBuilder()
            .Append(request.Method).Append('\n')
            .Append(PathOf(request.Path)).Append('\n')
            .Append(QueryOf(request.Query)).Append('\n');
        foreach (var name in signedHeaders) text.Append(name).Append(':').Append(OneSpaceEach(request.Headers[name])).Append('\n');
        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(HashOf(request.Body.Span)).ToString();
    }

    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>
    /// Without empty and dot segments, and with what is escaped already escaped once more: every service but S3 signs the path so, which counts
    /// for the colons and slashes in the names of models.
    /// </summary>
    internal static string PathOf(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(Escape(segment));
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }

        return segments.Count == 0 ? "/" : "/" + string.Join('/', segments) + (path.EndsWith('/') ? "/" : "");
    }

    private static string QueryOf(string query)
    {
        if (query.Length == 0) return "";
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(parameter =>
        {
            var at = parameter.IndexOf('=', StringComparison.Ordinal);
            return (Name: Anew(at < 0 ? parameter : parameter[..at]), Value: at < 0 ? "" : Anew(parameter[(at + 1)..]));
        });
        return string.Join('&', parameters
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Name}={parameter.Value}"));
    }

    private static string Anew(string escaped) => Escape(Uri.UnescapeDataString(escaped));

    /// <summary>Everything but letters, digits, hyphen, dot, underscore and tilde, byte for byte.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || (char)value is '-' or '.' or '_' or '~') escaped.Append((char)value);
            else escaped.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return escaped.ToString();
    }

    private static string OneSpaceEach(string value) => string.Join(' ', value.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
