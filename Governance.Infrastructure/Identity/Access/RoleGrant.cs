using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>A role that a person holds for a part of the organisation, for a time.</summary>
public sealed class RoleGrant : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>The role's name.</summary>
    public required string Role { get; init; }

    public ScopeKind ScopeKind { get; init; }

    /// <summary>The team or application; none for the whole organisation.</summary>
    public Guid? ScopeId { get; init; }

    public GrantSource Source { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset GrantedAt { get; init; }

    /// <summary>Who granted it; none if the program did.</summary>
    public Guid? GrantedBy { get; init; }

    /// <summary>The approval it came from; none if it needed none.</summary>
    public Guid? ApprovalId { get; init; }

    /// <summary>From then on it no longer counts; none if it has no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public Guid? RevokedBy { get; set; }

    public AccessScope Scope => new(ScopeKind, ScopeId);

    public bool IsActive(DateTimeOffset at) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > at);
}

/// <summary>Where a grant comes from.</summary>
public enum GrantSource
{
    /// <summary>Somebody granted it, or it came with the account.</summary>
    Manual,

    /// <summary>The person belongs to a mapped group of an external sign-in; it ends when they leave that group.</summary>
    ExternalGroup,
}

internal sealed class RoleGrantConfiguration : IEntityTypeConfiguration<RoleGrant>
{
    public void Configure(EntityTypeBuilder<RoleGrant> builder)
    {
        builder.Property(grant => grant.Role).HasMaxLength(64);
        builder.Property(grant => grant.Reason).HasMaxLength(1000);
        builder.Ignore(grant => grant.Scope);
        builder.HasIndex(grant => grant.PersonId);
        builder.HasIndex(grant => grant.OrganizationId);
        builder.HasOne<Person>().WithMany().HasForeignKey(grant => grant.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}
