using System.Text.Json;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// A call as it was made, committed before the provider is called. It is never changed: its outcome and cost are
/// <see cref="Costs.LedgerEntry"/> rows, and a call without one is open.
/// </summary>
public sealed record Call : IOrganizationOwned, IAppendOnly
{
    /// <summary>Of a call for which nobody could find out whom it was meant for: what stands in its address is the caller's word.</summary>
    public const string UnknownProvider = "(unknown)";

    /// <summary>The version-7 id of <see cref="StartedAt"/>, without exception: on PostgreSQL its month is the month of the call.</summary>
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The day of <see cref="StartedAt"/> in the organisation's reporting zone.</summary>
    public DateOnly Day { get; init; }

    /// <summary>The hour of that day, 0 to 23.</summary>
    public int Hour { get; init; }

    /// <summary>None where no valid key was presented.</summary>
    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    /// <summary>The end user on whose behalf the application called, as an internal id.</summary>
    public Guid? SubjectId { get; init; }

    public string? Environment { get; init; }

    public string? DataClass { get; init; }

    public required string Provider { get; init; }

    /// <summary>The configured connection that was chosen; <c>sandbox</c> for the built-in one.</summary>
    public string? Connection { get; init; }

    public string? Region { get; init; }

    /// <summary>None where the request could not be read so far.</summary>
    public string? RequestedModel { get; init; }

    public string? RequestedTier { get; init; }

    public bool Stream { get; init; }

    public CallSource Source { get; init; }

    /// <summary>UTF-8 bytes of text in the prompt, from which its tokens are estimated if the provider never reports them; 0 where they are not known.</summary>
    public long PromptBytes { get; init; }

    public long? MaxOutputTokens { get; init; }

    /// <summary>What it may cost at most, which is held on its budgets while it is under way; none where its model has no price.</summary>
    public long? CeilingNanoUsd { get; init; }

    /// <summary>On which periods of budgets the ceiling is held until the call has its outcome. The ledger decides that when it opens the call.</summary>
    public IReadOnlyList<PeriodKey> HeldOn { get; internal set; } = [];

    /// <summary>The caller's labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The process that makes the call; if it dies, the call is closed as interrupted.</summary>
    public Guid InstanceId { get; init; }
}

/// <summary>How a call or a ledger entry came to be known.</summary>
public enum CallSource
{
    /// <summary>It went through the proxy.</summary>
    Proxy,

    /// <summary>It was reported afterwards.</summary>
    Import,

    /// <summary>It corrects an earlier entry of the same call.</summary>
    Correction,
}

internal sealed class CallConfiguration : IEntityTypeConfiguration<Call>
{
    public void Configure(EntityTypeBuilder<Call> builder)
    {
        builder.Property(call => call.Environment).HasMaxLength(64);
        builder.Property(call => call.DataClass).HasMaxLength(64);
        builder.Property(call => call.Provider).HasMaxLength(64);
        builder.Property(call => call.Connection).HasMaxLength(64);
        builder.Property(call => call.Region).HasMaxLength(64);
        builder.Property(call => call.RequestedModel).HasMaxLength(200);
        builder.Property(call => call.RequestedTier).HasMaxLength(200);
        builder.Property(call => call.Tags).HasConversion(
            tags => JsonSerializer.Serialize(tags, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyDictionary<string, string>>(
                (left, right) => ReferenceEquals(left, right), tags => tags.Count, tags => tags));
        builder.Property(call => call.HeldOn).HasDefaultValue(Array.Empty<PeriodKey>()).HasConversion(
            keys => PeriodKey.Format(keys),
            text => PeriodKey.Parse(text),
            new ValueComparer<IReadOnlyList<PeriodKey>>((left, right) => ReferenceEquals(left, right), keys => keys.Count, keys => keys));
        builder.HasIndex(call => new { call.OrganizationId, call.StartedAt, call.Id });
        builder.HasIndex(call => new { call.KeyId, call.StartedAt });
        builder.HasOne<Organization>().WithMany().HasForeignKey(call => call.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
