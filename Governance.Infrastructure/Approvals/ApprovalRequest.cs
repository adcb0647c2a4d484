using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Approvals;

/// <summary>A change that somebody proposed and another person must decide.</summary>
public sealed class ApprovalRequest : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>What sort of change it is: the <see cref="IApprovable.Kind"/> of the area that applies it.</summary>
    public required string Kind { get; init; }

    /// <summary>What would be done, in a few words, without the name of a person.</summary>
    public required string Title { get; init; }

    /// <summary>The change as JSON, for the area that applies it; never a secret.</summary>
    public required string Payload { get; init; }

    /// <summary>What would change, as it was shown when it was proposed.</summary>
    public IReadOnlyList<FieldChange> Diff { get; init; } = [];

    /// <summary>Why, in the words of whoever proposed it.</summary>
    public required string Reason { get; init; }

    public Guid RequestedBy { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>The person who would gain from it, and so cannot decide it either; none if nobody in particular would.</summary>
    public Guid? BeneficiaryId { get; init; }

    /// <summary>What one must hold to decide it.</summary>
    public required string Permission { get; init; }

    /// <summary>For what part of the organisation one must hold it.</summary>
    public ScopeKind ScopeKind { get; init; }

    public Guid? ScopeId { get; init; }

    /// <summary>From then on it can no longer be decided.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public ApprovalState State { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Who approved, rejected, withdrew or waived; none if it expired.</summary>
    public Guid? DecidedBy { get; set; }

    /// <summary>What whoever decided had to say; for a waiver its reason, for a failure why it could not be applied.</summary>
    public string? Comment { get; set; }

    /// <summary>Whether it was applied without a second person, because there was none.</summary>
    public bool IsWaived { get; set; }

    public AccessScope Scope => new(ScopeKind, ScopeId);

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.Approval, Id);

    /// <summary>Where it stands at a moment: what nobody decided in time is expired even before it was marked so.</summary>
    public ApprovalState StateAt(DateTimeOffset at) => State == ApprovalState.Pending && ExpiresAt <= at ? ApprovalState.Expired : State;
}

internal sealed class ApprovalRequestConfiguration : IEntityTypeConfiguration<ApprovalRequest>
{
    public const int MaxTitle = 200;
    public const int MaxText = 1000;

    public void Configure(EntityTypeBuilder<ApprovalRequest> builder)
    {
        builder.Property(request => request.Kind).HasMaxLength(64);
        builder.Property(request => request.Title).HasMaxLength(MaxTitle);
        builder.Property(request => request.Reason).HasMaxLength(MaxText);
        builder.Property(request => request.Comment).HasMaxLength(MaxText);
        builder.Property(request => request.Permission).HasMaxLength(64);
        builder.Property(request => request.Diff).HasConversion(
            diff => JsonSerializer.Serialize(diff, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<List<FieldChange>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyList<FieldChange>>((left, right) => ReferenceEquals(left, right), diff => diff.Count, diff => diff));
        builder.Ignore(request => request.Scope);
        builder.Ignore(request => request.PublicId);
        builder.HasIndex(request => new { request.OrganizationId, request.State, request.ExpiresAt });
        builder.HasIndex(request => new { request.OrganizationId, request.RequestedAt, request.Id });
        builder.HasOne<Person>().WithMany().HasForeignKey(request => request.RequestedBy).OnDelete(DeleteBehavior.Restrict);
    }
}
