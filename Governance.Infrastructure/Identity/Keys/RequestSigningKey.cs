using System.Security.Cryptography;
using System.Text;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>
/// A pair with which callers sign requests for a virtual key in place of sending its secret (AWS Signature Version 4). It lives as long as
/// the key's secret that was current when it was made, so that a rotation ends both alike.
/// </summary>
public sealed class RequestSigningKey : IOrganizationOwned
{
    private const string IdPrefix = "GVAK";
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int IdLength = 16;
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int SecretLength = 40;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid KeyId { get; init; }

    /// <summary>The key's secret it lives as long as.</summary>
    public Guid SecretId { get; init; }

    /// <summary>What requests name it by; no secret.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The secret under the master key: to check a signature one needs it, so a hash would not do.</summary>
    public required byte[] WrappedSecret { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public Guid? RevokedBy { get; set; }

    /// <summary>Whether a text could name one; says nothing about whether it is known.</summary>
    public static bool HasShape(string accessKeyId) =>
        accessKeyId.Length == IdPrefix.Length + IdLength && accessKeyId.StartsWith(IdPrefix, StringComparison.Ordinal);

    internal static string NewAccessKeyId() => IdPrefix + RandomNumberGenerator.GetString(IdAlphabet, IdLength);

    internal static string NewSecret() => RandomNumberGenerator.GetString(SecretAlphabet, SecretLength);

    internal static byte[] Wrap(MasterKey master, string accessKeyId, string secret) => master.Wrap(Purpose(accessKeyId), Encoding.UTF8.GetBytes(secret));

    /// <exception cref="CryptographicException">The row was changed.</exception>
    internal static string Unwrap(MasterKey master, string accessKeyId, byte[] wrapped) => Encoding.UTF8.GetString(master.Unwrap(Purpose(accessKeyId), wrapped));

    private static string Purpose(string accessKeyId) => $"governance.request-signing:{accessKeyId}";
}

internal sealed class RequestSigningKeyConfiguration : IEntityTypeConfiguration<RequestSigningKey>
{
    public void Configure(EntityTypeBuilder<RequestSigningKey> builder)
    {
        builder.Property(key => key.AccessKeyId).HasMaxLength(32);
        builder.Property(key => key.WrappedSecret).HasMaxLength(128);
        builder.HasIndex(key => key.AccessKeyId).IsUnique();
        builder.HasIndex(key => key.OrganizationId);
        builder.HasOne<VirtualKey>().WithMany().HasForeignKey(key => key.KeyId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<KeySecret>().WithMany().HasForeignKey(key => key.SecretId).OnDelete(DeleteBehavior.Restrict);
    }
}
