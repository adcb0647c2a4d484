using System.Diagnostics.CodeAnalysis;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>The header <c>Authorization</c> of Signature Version 4.</summary>
/// <param name="AccessKeyId">Whose secret signed.</param>
/// <param name="Date">The day of the signing key, as <c>yyyyMMdd</c>.</param>
/// <param name="Region">The region it holds for.</param>
/// <param name="Service">The service it holds for.</param>
/// <param name="SignedHeaders">The names of the headers that are signed, in lower case and in order.</param>
/// <param name="Signature">64 hexadecimal digits.</param>
public sealed record AwsAuthorization(
    string AccessKeyId, string Date, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    internal const string Terminator = "aws4_request";

    private const int MaxSignedHeaders = 100;

    /// <summary>What the signing key is derived for, and what is signed with it.</summary>
    public string Scope => $"{Date}/{Region}/{Service}/{Terminator}";

    public string Header => $"{Algorithm} Credential={AccessKeyId}/{Scope}, SignedHeaders={string.Join(';', SignedHeaders)}, Signature={Signature}";

    /// <summary>Whether a header claims to be a signature of this version; it may be malformed nevertheless.</summary>
    public static bool Claims(string header) => header.StartsWith(Algorithm, StringComparison.Ordinal);

    public static bool TryParse(string header, [NotNullWhen(true)] out AwsAuthorization? authorization)
    {
        authorization = null;
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal)) return false;
        string? credential = null, signed = null, signature = null;
        foreach (var part in header[(Algorithm.Length + 1)..].Split(','))
        {
            var (name, value) = Divide(part.Trim());
            if (name == "Credential") credential = value;
            else if (name == "SignedHeaders") signed = value;
            else if (name == "Signature") signature = value;
        }

        if (credential?.Split('/') is not [{ Length: > 0 } id, { Length: 8 } date, { Length: > 0 } region, { Length: > 0 } service, Terminator]) return false;
        if (signed?.Split(';') is not { Length: > 0 and <= MaxSignedHeaders } names || signature is not { Length: 64 }) return false;
        if (!IsInOrder(names) || !signature.All(char.IsAsciiHexDigit)) return false;
        authorization = new AwsAuthorization(id, date, region, service, names, signature);
        return true;
    }

    private static (string Name, string Value) Divide(string part) =>
        part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at], part[(at + 1)..]) : (part, "");

    private static bool IsInOrder(string[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0 || names[i].Any(char.IsAsciiLetterUpper)) return false;
            if (i > 0 && string.CompareOrdinal(names[i - 1], names[i]) >= 0) return false;
        }

        return true;
    }
}
