using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Infrastructure.Identity;

/// <summary>A bearer key: a prefix that names its kind and 256 random bits. It is shown once; only its SHA-256 hash is kept.</summary>
public static class SecretKey
{
    /// <summary>Keys with which applications call the proxy.</summary>
    public const string VirtualKeyPrefix = "gvk_";

    /// <summary>Keys with which machines call the API.</summary>
    public const string ServiceAccountPrefix = "gvs_";

    /// <summary>Tokens that get a person's next access token, once.</summary>
    public const string RefreshTokenPrefix = "gvr_";

    private const int RandomBytes = 32;
    private const int EncodedLength = 43;
    private const int HintLength = 4;

    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether a text could be a key of a kind; says nothing about whether it is known.</summary>
    public static bool HasShape(string prefix, ReadOnlySpan<char> text) =>
        text.Length == prefix.Length + EncodedLength && text.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>256 random bits need no salt and no slow hash: there is nothing to guess.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>What lists show in place of the key, such as <c>gvk_…x7Qa</c>.</summary>
    public static string Hint(string key) => $"{key[..4]}…{key[^HintLength..]}";
}
