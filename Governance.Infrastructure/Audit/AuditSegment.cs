using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit;

/// <summary>A run of entries whose events lie in an archive file. Their places and hashes stay in the database, so that proofs need no file.</summary>
public sealed class AuditSegment : IOrganizationOwned, IAppendOnly
{
    public Guid OrganizationId { get; init; }

    /// <summary>The index of its first entry.</summary>
    public long First { get; init; }

    /// <summary>The index behind its last entry.</summary>
    public long End { get; init; }

    /// <summary>When the earliest of its events was recorded.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>When the latest was.</summary>
    public DateTimeOffset To { get; init; }

    public DateTimeOffset ArchivedAt { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; init; }

    /// <summary>The SHA-256 of the file.</summary>
    public required byte[] Hash { get; init; }
}

internal sealed class AuditSegmentConfiguration : IEntityTypeConfiguration<AuditSegment>
{
    public void Configure(EntityTypeBuilder<AuditSegment> builder) => builder.HasKey(segment => new { segment.OrganizationId, segment.First });
}
