using System.Buffers.Text;
using System.Security.Cryptography;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>The secret in an invitation's link: 256 random bits. It is in the mail only; the database has its hash.</summary>
internal static class InvitationToken
{
    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static bool HasShape(string? token) => token is { Length: EncodedLength };

    public static byte[] Hash(string token) => SecretKey.Hash(token);
}
