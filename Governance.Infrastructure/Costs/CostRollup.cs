using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Governance.Infrastructure.Costs;

/// <summary>
/// Σ of the ledger entries of one period and one combination of dimensions; those that its shape does not keep apart are empty. It is added to in
/// the transaction that books the entries, so it is exact at any moment; pages read it instead of the entries (docs/adr/0019-rollups.md).
/// </summary>
public sealed class CostRollup : IOrganizationOwned
{
    public Guid OrganizationId { get; init; }

    public RollupShape Shape { get; init; }

    public RollupGrain Grain { get; init; }

    /// <summary>The first day of the period, in the reporting zone.</summary>
    public DateOnly Day { get; init; }

    /// <summary>The hour of the day; 0 for whole days and months.</summary>
    public int Hour { get; init; }

    public Guid TeamId { get; init; }

    public Guid ApplicationId { get; init; }

    public Guid KeyId { get; init; }

    public Guid SubjectId { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    /// <summary>How many entries it is the sum of, corrections among them: where none are left, there is nothing to show.</summary>
    public long Entries { get; private set; }

    public long CostNanoUsd { get; private set; }

    public long Requests { get; private set; }

    public long Errors { get; private set; }

    public long PromptTokens { get; private set; }

    public long CachedTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public long Estimated { get; private set; }

    public long Unpriced { get; private set; }

    public long Sandbox { get; private set; }

    public long CacheHits { get; private set; }

    public long SavedNanoUsd { get; private set; }

    internal void Add(CostFact fact)
    {
        Entries += fact.Entries;
        CostNanoUsd = checked(CostNanoUsd + fact.Cost);
        Requests += fact.Requests;
        Errors += fact.Errors;
        PromptTokens += fact.Prompt;
        CachedTokens += fact.Cached;
        OutputTokens += fact.Output;
        Estimated += fact.Estimated;
        Unpriced += fact.Unpriced;
        Sandbox += fact.Sandbox;
        CacheHits += fact.CacheHits;
        SavedNanoUsd = checked(SavedNanoUsd + fact.Saved);
    }

    internal void Add(CostRollup other)
    {
        Entries += other.Entries;
        CostNanoUsd = checked(CostNanoUsd + other.CostNanoUsd);
        Requests += other.Requests;
        Errors += other.Errors;
        PromptTokens += other.PromptTokens;
        CachedTokens += other.CachedTokens;
        OutputTokens += other.OutputTokens;
        Estimated += other.Estimated;
        Unpriced += other.Unpriced;
        Sandbox += other.Sandbox;
        CacheHits += other.CacheHits;
        SavedNanoUsd = checked(SavedNanoUsd + other.SavedNanoUsd);
    }
}

internal sealed class CostRollupConfiguration : IEntityTypeConfiguration<CostRollup>
{
    public void Configure(EntityTypeBuilder<CostRollup> builder)
    {
        builder.HasKey(rollup => new
        {
            rollup.OrganizationId, rollup.Shape, rollup.Grain, rollup.Day, rollup.Hour,
            rollup.TeamId, rollup.ApplicationId, rollup.KeyId, rollup.SubjectId, rollup.Provider, rollup.Model,
        });
        builder.Property(rollup => rollup.Shape).HasConversion<int>();
        builder.Property(rollup => rollup.Grain).HasConversion<int>();
        builder.Property(rollup => rollup.Provider).HasMaxLength(64);
        builder.Property(rollup => rollup.Model).HasMaxLength(200);

        // There are millions of rows and most members are not kept apart or none: these take a byte or two then and 17 otherwise. They are two
        // things, because PostgreSQL guesses how many rows a member has from how often it is in the table.
        builder.Property(rollup => rollup.OrganizationId).HasConversion<NarrowId>();
        builder.Property(rollup => rollup.TeamId).HasConversion<NarrowId>();
        builder.Property(rollup => rollup.ApplicationId).HasConversion<NarrowId>();
        builder.Property(rollup => rollup.KeyId).HasConversion<NarrowId>();
        builder.Property(rollup => rollup.SubjectId).HasConversion<NarrowId>();

        // Without the shape as a column: PostgreSQL takes it from the filter and would then look through everything behind it.
        foreach (var (shape, member) in RollupShapes.Indexed)
        {
            builder.HasIndex([nameof(CostRollup.OrganizationId), nameof(CostRollup.Grain), ColumnOf(member), nameof(CostRollup.Day)], RollupShapes.IndexOf(shape, member))
                .HasFilter($"\"Shape\" = {(int)shape}");
        }
    }

    private static string ColumnOf(CostDimension member) => member switch
    {
        CostDimension.Application => nameof(CostRollup.ApplicationId),
        CostDimension.Key => nameof(CostRollup.KeyId),
        CostDimension.Person => nameof(CostRollup.SubjectId),
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "Nothing is found by it."),
    };

    private sealed class NarrowId() : ValueConverter<Guid, byte[]>(id => ToBytes(id), bytes => ToId(bytes))
    {
        private static readonly byte[] None = [0xFF];

        private static byte[] ToBytes(Guid id) => id == Guid.Empty ? [] : id == CostFact.None ? None : id.ToByteArray(bigEndian: true);

        private static Guid ToId(byte[] bytes) => bytes.Length switch
        {
            0 => Guid.Empty,
            1 => CostFact.None,
            _ => new Guid(bytes, bigEndian: true),
        };
    }
}
