using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>How many requests and tokens an organisation lets through for one key, application, team, person or address, or for each that has no limit of its own.</summary>
public sealed class RateLimit : IOrganizationOwned
{
    /// <summary>Stands for each that has no limit of its own: a missing value would not be unique.</summary>
    public static readonly Guid Each = Guid.Empty;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public LimitScope Scope { get; init; }

    /// <summary>Whose; <see cref="Each"/> for the default of the kind. An address's is a keyed hash.</summary>
    public Guid ScopeId { get; init; }

    /// <summary>The address, wrapped under the master key; none for other kinds.</summary>
    public byte[]? WrappedAddress { get; init; }

    public long? RequestsPerMinute { get; set; }

    public long? TokensPerMinute { get; set; }

    public long? ConcurrentRequests { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    public LimitValues Values
    {
        get => new(RequestsPerMinute, TokensPerMinute, ConcurrentRequests);
        internal set => (RequestsPerMinute, TokensPerMinute, ConcurrentRequests) = (value.RequestsPerMinute, value.TokensPerMinute, value.ConcurrentRequests);
    }
}

internal sealed class RateLimitConfiguration : IEntityTypeConfiguration<RateLimit>
{
    public void Configure(EntityTypeBuilder<RateLimit> builder)
    {
        builder.ToTable("RateLimits");
        builder.Ignore(limit => limit.Values);
        builder.HasIndex(limit => new { limit.OrganizationId, limit.Scope, limit.ScopeId }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(limit => limit.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
