using System.Security.Cryptography;
using System.Text;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>
/// What grew out of one sign-in to the API: its refresh tokens, of which one can be used at a time, and the access tokens that came
/// with them. When it ends, they all end.
/// </summary>
public sealed class RefreshTokenFamily : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>What its access tokens are limited to; none if to nothing less than the person's own rights.</summary>
    public string? Scope { get; init; }

    /// <summary>SHA-256 of the person's security stamp at the sign-in. Whatever changes the stamp (password, factors, disabling) ends the family.</summary>
    public required byte[] StampHash { get; init; }

    /// <summary>Where the sign-in came from.</summary>
    public string? IpAddress { get; init; }

    /// <summary>What the client called itself.</summary>
    public string? UserAgent { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The end, however often it is refreshed.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Who ended it; none if the program did.</summary>
    public Guid? RevokedBy { get; set; }

    public TokenRevocation? RevokedFor { get; set; }

    internal static byte[] HashOf(string? securityStamp) => SHA256.HashData(Encoding.UTF8.GetBytes(securityStamp ?? ""));

    /// <param name="securityStamp">The person's stamp as it is now.</param>
    /// <param name="now">The time.</param>
    internal bool IsAlive(string? securityStamp, DateTimeOffset now) =>
        RevokedAt is null && now < ExpiresAt && CryptographicOperations.FixedTimeEquals(StampHash, HashOf(securityStamp));
}

internal sealed class RefreshTokenFamilyConfiguration : IEntityTypeConfiguration<RefreshTokenFamily>
{
    public void Configure(EntityTypeBuilder<RefreshTokenFamily> builder)
    {
        builder.Property(family => family.Scope).HasMaxLength(500);
        builder.Property(family => family.StampHash).HasMaxLength(32);
        builder.Property(family => family.IpAddress).HasMaxLength(64);
        builder.Property(family => family.UserAgent).HasMaxLength(256);
        builder.HasIndex(family => new { family.OrganizationId, family.PersonId });
        builder.HasIndex(family => family.ExpiresAt);
        builder.HasOne<Person>().WithMany().HasForeignKey(family => family.PersonId).OnDelete(DeleteBehavior.Cascade);
    }
}
