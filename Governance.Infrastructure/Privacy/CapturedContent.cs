using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Privacy;

/// <summary>
/// One side of a call as it passed the proxy, encrypted under the key of the end user it was made for, or the organisation's where it was
/// made for none. Whoever destroys that key makes it unreadable.
/// </summary>
public sealed class CapturedContent : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid CallId { get; init; }

    public ContentSide Side { get; init; }

    /// <summary>The <see cref="DataKeyRow"/>.</summary>
    public Guid KeyId { get; init; }

    /// <inheritdoc cref="SealedPart.Ciphertext"/>
    public required byte[] Ciphertext { get; init; }

    /// <summary>By it the key and the text are known to be the ones that were sealed.</summary>
    public required byte[] Commitment { get; init; }

    public DateTimeOffset StoredAt { get; init; }

    /// <summary>From then on nobody can read it, and a job deletes it.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Only the beginning was kept.</summary>
    public bool Truncated { get; init; }
}

/// <summary>Whose words they are. The numbers are part of what is sealed, and never change.</summary>
public enum ContentSide
{
    /// <summary>The request's body, as the application sent it.</summary>
    Prompt = 0,

    /// <summary>The answer's body, as the application got it.</summary>
    Completion = 1,
}

internal sealed class CapturedContentConfiguration : IEntityTypeConfiguration<CapturedContent>
{
    public void Configure(EntityTypeBuilder<CapturedContent> builder)
    {
        builder.ToTable("CapturedContents");
        builder.Property(content => content.Commitment).HasMaxLength(32);
        builder.HasIndex(content => new { content.CallId, content.Side }).IsUnique();
        builder.HasIndex(content => content.ExpiresAt);
        builder.HasIndex(content => content.KeyId);
        builder.HasOne<Call>().WithMany().HasForeignKey(content => content.CallId).OnDelete(DeleteBehavior.Restrict);
    }
}
