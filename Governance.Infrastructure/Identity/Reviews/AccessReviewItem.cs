using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>One thing that gives access, as it was when the review started, and what was decided about it. Ids and data, never names.</summary>
public sealed class AccessReviewItem : IOrganizationOwned, ISealable
{
    public const int MaxReasonLength = 1000;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid ReviewId { get; init; }

    /// <summary>Its place in the review, from 1.</summary>
    public int Number { get; init; }

    public ReviewedKind Kind { get; init; }

    /// <summary>The grant, virtual key or service account.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>Who holds the grant, or made the key or the account; none if the program made it. This person does not decide about it.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>The role of a grant.</summary>
    public string? Role { get; init; }

    /// <summary>What it gives access to: the scope of a grant, the application of a key, all of the organisation for a service account.</summary>
    public ScopeKind ScopeKind { get; init; }

    public Guid? ScopeId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the person was last seen, or the key last called; none if never, or not known.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>None while nobody has decided.</summary>
    public ReviewDecision? Decision { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public Guid? DecidedBy { get; set; }

    /// <summary>What came of revoking it; none for other decisions.</summary>
    public RevocationOutcome? Outcome { get; set; }

    /// <summary>When the review was finished; none while it is open.</summary>
    public DateTimeOffset? SealedAt { get; set; }

    public bool IsSealed => SealedAt is not null;

    public Guid? PartOf => ReviewId;

    /// <summary>Whether it is about a person's own access, over which they do not decide.</summary>
    public bool IsOwn(Actor actor) => actor is { Kind: ActorKind.Person, Id: { } person } && PersonId == person;
}

/// <summary>What gives access.</summary>
public enum ReviewedKind
{
    /// <summary>A role that a person holds.</summary>
    Grant,

    /// <summary>A virtual key of an application.</summary>
    Key,

    /// <summary>A service account.</summary>
    ServiceAccount,
}

public enum ReviewDecision
{
    /// <summary>It is still needed as it is.</summary>
    Keep,

    /// <summary>It is kept for now, but somebody must change it.</summary>
    Change,

    /// <summary>It is no longer needed, and was ended with this decision.</summary>
    Revoke,
}

public enum RevocationOutcome
{
    /// <summary>It ended with the decision.</summary>
    Revoked,

    /// <summary>It had been revoked, had expired or was gone since the review started.</summary>
    AlreadyEnded,
}

internal sealed class AccessReviewItemConfiguration : IEntityTypeConfiguration<AccessReviewItem>
{
    /// <summary>All else is a snapshot, and EF refuses to change it once it was saved.</summary>
    private static readonly HashSet<string> Changing =
    [
        nameof(AccessReviewItem.Decision), nameof(AccessReviewItem.Reason), nameof(AccessReviewItem.DecidedAt),
        nameof(AccessReviewItem.DecidedBy), nameof(AccessReviewItem.Outcome), nameof(AccessReviewItem.SealedAt),
    ];

    public void Configure(EntityTypeBuilder<AccessReviewItem> builder)
    {
        builder.Property(item => item.Role).HasMaxLength(64);
        builder.Property(item => item.Reason).HasMaxLength(AccessReviewItem.MaxReasonLength);
        builder.Property(item => item.SealedAt).IsConcurrencyToken();
        builder.Ignore(item => item.IsSealed);
        builder.Ignore(item => item.PartOf);
        builder.HasIndex(item => item.OrganizationId);
        builder.HasIndex(item => new { item.ReviewId, item.Number }).IsUnique();
        builder.HasOne<AccessReview>().WithMany().HasForeignKey(item => item.ReviewId).OnDelete(DeleteBehavior.Restrict);
        foreach (var property in builder.Metadata.GetProperties().Where(property => !property.IsPrimaryKey() && !Changing.Contains(property.Name)))
            property.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
    }
}
