using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>
/// The same done to all that a filter matches, however many they are. The row is the work's own memory: it is done in pieces, each in
/// one transaction with the place it came to, so that a restart goes on where it stopped and nothing is counted twice.
/// </summary>
public sealed class DeadLetterBulk : IOrganizationOwned
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public DeadLetterBulkAction Action { get; init; }

    /// <summary>What it is done to, as JSON.</summary>
    public required string FilterJson { get; init; }

    /// <summary>Why, in the words of whoever asked for it.</summary>
    public string? Reason { get; init; }

    /// <summary>Whoever asked for it; none if a program did.</summary>
    public Guid? RequestedBy { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>How many items there were to begin with.</summary>
    public long Matched { get; init; }

    /// <summary>How many it was done to so far.</summary>
    public long Done { get; set; }

    /// <summary>The last item it came to, in the order of ids.</summary>
    public Guid? Place { get; set; }

    public DeadLetterBulkState State { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public DeadLetterFilter Filter => Read(FilterJson);

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.Bulk, Id);

    internal static string Write(DeadLetterFilter filter) => JsonSerializer.Serialize(filter, Json);

    internal static DeadLetterFilter Read(string json) => JsonSerializer.Deserialize<DeadLetterFilter>(json, Json) ?? throw new InvalidDataException("The filter is empty.");
}

/// <summary>What is done to many items.</summary>
public enum DeadLetterBulkAction
{
    Retry,
    Discard,
}

/// <summary>How far it is.</summary>
public enum DeadLetterBulkState
{
    Running,
    Finished,

    /// <summary>Somebody stopped it; what was done by then stays done.</summary>
    Cancelled,
}

internal sealed class DeadLetterBulkConfiguration : IEntityTypeConfiguration<DeadLetterBulk>
{
    public void Configure(EntityTypeBuilder<DeadLetterBulk> builder)
    {
        builder.ToTable("DeadLetterBulks");
        builder.Property(bulk => bulk.FilterJson).HasMaxLength(4000);
        builder.Property(bulk => bulk.Reason).HasMaxLength(1000);
        builder.Ignore(bulk => bulk.Filter);
        builder.Ignore(bulk => bulk.PublicId);
        builder.HasIndex(bulk => bulk.State);
        builder.HasIndex(bulk => new { bulk.OrganizationId, bulk.RequestedAt });
        builder.HasOne<Organization>().WithMany().HasForeignKey(bulk => bulk.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
