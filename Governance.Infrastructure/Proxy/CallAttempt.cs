using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy;

/// <summary>One attempt to reach a provider for a call.</summary>
public sealed class CallAttempt : IOrganizationOwned, IAppendOnly
{
    public Guid OrganizationId { get; init; }

    public Guid CallId { get; init; }

    /// <summary>1 for the first.</summary>
    public int Number { get; init; }

    public required string Connection { get; init; }

    /// <summary>The model it was for, as it is governed; none where the API names none.</summary>
    public string? Model { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public int DurationMs { get; init; }

    /// <summary>The provider's HTTP status; none if it did not answer.</summary>
    public int? Status { get; init; }

    public string? ErrorCode { get; init; }

    /// <summary>The provider's own id of the request, for its support.</summary>
    public string? ProviderRequestId { get; init; }
}

internal sealed class CallAttemptConfiguration : IEntityTypeConfiguration<CallAttempt>
{
    public void Configure(EntityTypeBuilder<CallAttempt> builder)
    {
        builder.Property(attempt => attempt.Connection).HasMaxLength(64);
        builder.Property(attempt => attempt.Model).HasMaxLength(200);
        builder.Property(attempt => attempt.ErrorCode).HasMaxLength(200);
        builder.Property(attempt => attempt.ProviderRequestId).HasMaxLength(200);
        builder.HasKey(attempt => new { attempt.CallId, attempt.Number });
        builder.HasOne<Call>().WithMany().HasForeignKey(attempt => attempt.CallId).OnDelete(DeleteBehavior.Restrict);
    }
}
