using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Costs;

/// <summary>
/// A fact of the cost ledger. Each call gets exactly one entry with its outcome; corrections are further entries that carry
/// the difference, so that every sum over entries is right without looking at calls. What figures are grouped by stands in the
/// entry itself.
/// </summary>
public sealed record LedgerEntry : IOrganizationOwned, IAppendOnly
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid CallId { get; init; }

    public CallSource Source { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    /// <summary>When the call started, which decides the day and the price.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public DateOnly Day { get; init; }

    public int Hour { get; init; }

    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? SubjectId { get; init; }

    public string? Environment { get; init; }

    public required string Provider { get; init; }

    /// <inheritdoc cref="Call.Connection"/>
    public string? Connection { get; init; }

    /// <summary>The model figures are grouped by: the one that answered, or else the one asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The model the provider says it ran; none if it did not say.</summary>
    public string? ActualModel { get; init; }

    public ServiceTier ServiceTier { get; init; }

    public long InputTokens { get; init; }

    public long CachedInputTokens { get; init; }

    public long CacheWriteTokens { get; init; }

    public long CacheWrite1hTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>Part of <see cref="OutputTokens"/>.</summary>
    public long ReasoningTokens { get; init; }

    public long AudioInputTokens { get; init; }

    public long AudioOutputTokens { get; init; }

    public long ImageInputTokens { get; init; }

    public long ImageOutputTokens { get; init; }

    public long Images { get; init; }

    public long AudioMilliseconds { get; init; }

    public long Searches { get; init; }

    public long ToolCalls { get; init; }

    /// <summary>1 where the provider worked on the call, which is when a fee per request falls due; 0 where it did not.</summary>
    public long BilledRequests { get; init; }

    /// <summary>Bytes of text in the answer; 0 where they are not known.</summary>
    public long ContentBytes { get; init; }

    /// <summary>The price version the cost was computed with; none where nothing was charged or no price exists.</summary>
    public Guid? PriceId { get; init; }

    public long CostNanoUsd { get; init; }

    /// <summary>What the stored answer had cost that was given again; none unless the call was answered from the response cache.</summary>
    public long? SavedNanoUsd { get; init; }

    /// <summary>Tokens or pieces were used, but the model has no price: the cost of zero is a gap, not a fact.</summary>
    public bool Unpriced { get; init; }

    /// <summary>It cost more than the call's ceiling, so that a budget may be over its limit.</summary>
    public bool Overrun { get; init; }

    public Provenance Provenance { get; init; }

    public CallOutcome Outcome { get; init; }

    /// <summary>The HTTP status the caller got; none if it got none.</summary>
    public int? Status { get; init; }

    public string? ErrorCode { get; init; }

    public int DurationMs { get; init; }

    /// <summary>From the call's start to the first byte of the provider's answer.</summary>
    public int? TimeToFirstByteMs { get; init; }

    /// <summary>1 for an outcome, 0 for a correction: requests are counted by adding this up.</summary>
    public int RequestCount { get; init; }

    /// <summary>Why a correction was made.</summary>
    public string? Reason { get; init; }

    public TokenUsage Usage => new(
        InputTokens, CachedInputTokens, CacheWriteTokens, CacheWrite1hTokens, OutputTokens, ReasoningTokens,
        AudioInputTokens, AudioOutputTokens, ImageInputTokens, ImageOutputTokens);

    /// <summary>What is priced by the piece.</summary>
    public UnitUsage Units => new(Images, AudioMilliseconds, Searches, ToolCalls);
}

/// <summary>Who says how many tokens were used.</summary>
public enum Provenance
{
    /// <summary>The provider reported them.</summary>
    Reported,

    /// <summary>They were estimated here, because the provider reported none.</summary>
    Estimated,
}

internal sealed class LedgerEntryConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.Property(entry => entry.Environment).HasMaxLength(64);
        builder.Property(entry => entry.Provider).HasMaxLength(64);
        builder.Property(entry => entry.Connection).HasMaxLength(64);
        builder.Property(entry => entry.Model).HasMaxLength(200);
        builder.Property(entry => entry.ActualModel).HasMaxLength(200);
        builder.Property(entry => entry.ErrorCode).HasMaxLength(200);
        builder.Property(entry => entry.Reason).HasMaxLength(500);
        builder.Ignore(entry => entry.Usage);
        builder.Ignore(entry => entry.Units);

        // Exactly one outcome a call, whatever races or is replayed.
        builder.HasIndex(entry => entry.CallId).IsUnique().HasFilter("\"RequestCount\" = 1").HasDatabaseName("IX_LedgerEntries_OneOutcome");
        builder.HasIndex(entry => new { entry.CallId, entry.RecordedAt });
        builder.HasIndex(entry => new { entry.OrganizationId, entry.StartedAt });
        builder.HasOne<Call>().WithMany().HasForeignKey(entry => entry.CallId).OnDelete(DeleteBehavior.Restrict);
    }
}
