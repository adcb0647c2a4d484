using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>
/// Looking through who and what has access, as of its start: every item is kept, to be changed, or revoked. Once finished it is evidence,
/// and nothing of it changes any more; it holds ids, and names are resolved when shown.
/// </summary>
public sealed class AccessReview : IOrganizationOwned, ISealable
{
    public const int MaxNameLength = 200;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether it looks at the roles that people hold.</summary>
    public bool CoversGrants { get; init; }

    /// <summary>Whether it looks at the keys of applications.</summary>
    public bool CoversKeys { get; init; }

    public bool CoversServiceAccounts { get; init; }

    /// <summary>As of when it looks.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Who started it; none if the program did.</summary>
    public Guid? StartedBy { get; init; }

    /// <summary>The last day on which it is in time, in the organisation's zone.</summary>
    public DateOnly DueOn { get; init; }

    /// <summary>From then on it is sealed; none while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    public Guid? FinishedBy { get; set; }

    /// <summary>SHA-256 of what <see cref="AccessReviewEvidence.Write"/> makes of it; none while it is open.</summary>
    public byte[]? Hash { get; set; }

    public AccessReviewState State => FinishedAt is null ? AccessReviewState.Open : AccessReviewState.Finished;

    public bool IsSealed => FinishedAt is not null;

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.AccessReview, Id);

    public bool IsOverdue(DateOnly today) => FinishedAt is null && DueOn < today;
}

public enum AccessReviewState
{
    Open,
    Finished,
}

internal sealed class AccessReviewConfiguration : IEntityTypeConfiguration<AccessReview>
{
    public void Configure(EntityTypeBuilder<AccessReview> builder)
    {
        builder.Property(review => review.Name).HasMaxLength(AccessReview.MaxNameLength);
        builder.Property(review => review.Hash).HasMaxLength(32);
        builder.Property(review => review.FinishedAt).IsConcurrencyToken();
        builder.Ignore(review => review.State);
        builder.Ignore(review => review.IsSealed);
        builder.Ignore(review => review.PublicId);
        builder.HasIndex(review => review.OrganizationId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(review => review.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
