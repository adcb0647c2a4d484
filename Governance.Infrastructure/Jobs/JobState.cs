using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Jobs;

/// <summary>A job's lease, which lets one process run it at a time, and how its last run went.</summary>
public sealed class JobState
{
    public required string Name { get; init; }

    public Guid? Holder { get; set; }

    public DateTimeOffset LeasedUntil { get; set; }

    public DateTimeOffset? LastStartedAt { get; set; }

    public DateTimeOffset? LastSucceededAt { get; set; }

    public DateTimeOffset? LastFailedAt { get; set; }

    public string? LastError { get; set; }
}

internal sealed class JobStateConfiguration : IEntityTypeConfiguration<JobState>
{
    public void Configure(EntityTypeBuilder<JobState> builder)
    {
        builder.ToTable("Jobs");
        builder.HasKey(job => job.Name);
        builder.Property(job => job.Name).HasMaxLength(64);
        builder.Property(job => job.LastError).HasMaxLength(2000);
    }
}
