using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Domain.Jobs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Jobs;

/// <summary>Work that must be done at least once: written in the transaction that causes it, removed when it succeeded.</summary>
public sealed class WorkItem : IOrganizationOwned
{
    /// <summary>How many of the last attempts are kept.</summary>
    public const int MaxHistory = 5;

    /// <summary>Stable across retries and edits, so that a receiver can tell a repetition.</summary>
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>Which handler does it.</summary>
    public required string Kind { get; init; }

    /// <summary>What the handler needs, as JSON; never a secret in clear, never prompt or completion text.</summary>
    public required string Payload { get; init; }

    /// <summary>What it is done for, where that is one thing: of a kind there is one item for it at a time, always under the same id.</summary>
    public string? Cause { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset DueAt { get; set; }

    public WorkState State { get; set; }

    /// <summary>Failures since it was written, or since a person had it tried again.</summary>
    public int Attempts { get; set; }

    public string? LastError { get; set; }

    /// <summary>The <see cref="Domain.Jobs.ErrorPattern"/> of the last error.</summary>
    public string? ErrorPattern { get; set; }

    /// <summary>The last attempts, oldest first.</summary>
    public IReadOnlyList<WorkAttempt> History { get; set; } = [];

    /// <summary>Until then a process works on it.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>Which process has it, or had it last. If that one is dead, its lock counts for nothing.</summary>
    public Guid? LockedBy { get; set; }

    /// <summary>Since when a person has to look at it.</summary>
    public DateTimeOffset? QuarantinedAt { get; set; }

    /// <summary>Counts what changed it, so that nobody overwrites what they have not seen.</summary>
    public int Version { get; set; }

    /// <summary>The one id of what is done for a cause. It follows from the cause, so that it is the same even after the work was done and removed.</summary>
    public static Guid IdOf(string kind, string cause)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{cause}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // A GUID of version 8: made of a hash.
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>A failed attempt.</summary>
/// <param name="At">When it had failed.</param>
/// <param name="Error">Why.</param>
public sealed record WorkAttempt(DateTimeOffset At, string Error);

internal sealed class WorkItemConfiguration : IEntityTypeConfiguration<WorkItem>
{
    public const int MaxError = 2000;

    public void Configure(EntityTypeBuilder<WorkItem> builder)
    {
        builder.Property(item => item.Kind).HasMaxLength(64);
        builder.Property(item => item.Cause).HasMaxLength(128);
        builder.Property(item => item.LastError).HasMaxLength(MaxError);
        builder.Property(item => item.ErrorPattern).HasMaxLength(ErrorPattern.MaxLength);
        builder.Property(item => item.State).HasDefaultValue(WorkState.Waiting).HasSentinel(WorkState.Waiting);
        builder.Property(item => item.History).HasDefaultValueSql("'[]'").HasConversion(
            attempts => JsonSerializer.Serialize(attempts, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<List<WorkAttempt>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyList<WorkAttempt>>((left, right) => ReferenceEquals(left, right), attempts => attempts.Count, attempts => attempts));

        // What is due, kind by kind; what pages list and count; and that a cause has one item.
        builder.HasIndex(item => new { item.State, item.Kind, item.DueAt, item.Id });
        builder.HasIndex(item => new { item.OrganizationId, item.CreatedAt, item.Id });
        builder.HasIndex(item => new { item.OrganizationId, item.State, item.Kind });
        builder.HasIndex(item => new { item.OrganizationId, item.Kind, item.Cause }).IsUnique();
    }
}
