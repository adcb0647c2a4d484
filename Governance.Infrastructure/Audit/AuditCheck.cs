using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit;

/// <summary>How far the <see cref="AuditSelfCheck"/> found a log in order.</summary>
public sealed class AuditCheck : IOrganizationOwned
{
    public const int MaxProblem = 500;

    public Guid OrganizationId { get; init; }

    /// <summary>The size of the newest checkpoint up to which all is well: the last good point.</summary>
    public long VerifiedSize { get; set; }

    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Calls that started before have their cost row and their leaf.</summary>
    public DateTimeOffset CallsUntil { get; set; }

    /// <summary>How many entries the present pass over the whole log has looked at again.</summary>
    public long AgainSize { get; set; }

    /// <summary>When the last pass over the whole log ended.</summary>
    public DateTimeOffset? AgainAt { get; set; }

    /// <summary>What is wrong; none if all is well.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? ProblemSince { get; set; }
}

internal sealed class AuditCheckConfiguration : IEntityTypeConfiguration<AuditCheck>
{
    public void Configure(EntityTypeBuilder<AuditCheck> builder)
    {
        builder.HasKey(check => check.OrganizationId);
        builder.Property(check => check.Problem).HasMaxLength(AuditCheck.MaxProblem);
    }
}
