using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>
/// That somebody may join the organisation, with a role and maybe a team. Its link works once, and until it expires; of the link
/// only the token's hash is kept.
/// </summary>
public sealed class Invitation : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string DisplayName { get; init; }

    public required string Email { get; init; }

    /// <summary>As the framework normalises addresses, so that both kinds can be compared.</summary>
    public required string NormalizedEmail { get; init; }

    /// <summary>The role it hands out, by name; none for somebody who registered, to whom an administrator gives one.</summary>
    public string? Role { get; init; }

    public ScopeKind ScopeKind { get; init; }

    /// <summary>The team or application the role is for; none for the whole organisation.</summary>
    public Guid? ScopeId { get; init; }

    /// <summary>The team the person will belong to, if any.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>SHA-256 of the token in the link; a new one when it is sent again.</summary>
    public required byte[] TokenHash { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who invited; none if the program did.</summary>
    public Guid? CreatedBy { get; init; }

    public DateTimeOffset SentAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public Guid? WithdrawnBy { get; set; }

    public AccessScope Scope => new(ScopeKind, ScopeId);

    /// <summary>Neither accepted nor withdrawn; it may have expired all the same.</summary>
    public bool IsOpen => AcceptedAt is null && WithdrawnAt is null;
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        // Lengths equal a person's, because lists of people show both together.
        builder.Property(invitation => invitation.DisplayName).HasMaxLength(200);
        builder.Property(invitation => invitation.Email).HasMaxLength(256);
        builder.Property(invitation => invitation.NormalizedEmail).HasMaxLength(256);
        builder.Property(invitation => invitation.Role).HasMaxLength(64);
        builder.Property(invitation => invitation.TokenHash).HasMaxLength(32);
        builder.Ignore(invitation => invitation.Scope);
        builder.Ignore(invitation => invitation.IsOpen);
        builder.HasIndex(invitation => invitation.TokenHash).IsUnique();
        builder.HasIndex(invitation => new { invitation.OrganizationId, invitation.NormalizedEmail }).IsUnique()
            .HasFilter("\"AcceptedAt\" IS NULL AND \"WithdrawnAt\" IS NULL");
        builder.HasOne<Team>().WithMany().HasForeignKey(invitation => invitation.TeamId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Organization>().WithMany().HasForeignKey(invitation => invitation.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
