using System.Linq.Expressions;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;

namespace Governance.Infrastructure.Costs;

/// <summary>What figures are added up from: an entry of the ledger, or a rollup of many.</summary>
internal sealed record CostFact
{
    public DateOnly Day { get; init; }

    public int Hour { get; init; }

    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? SubjectId { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public long Cost { get; init; }

    public long Requests { get; init; }

    public long Errors { get; init; }

    public long Prompt { get; init; }

    public long Cached { get; init; }

    public long Output { get; init; }

    public long Estimated { get; init; }

    public long Unpriced { get; init; }

    public long Sandbox { get; init; }

    public long CacheHits { get; init; }

    public long Saved { get; init; }

    public static Expression<Func<LedgerEntry, CostFact>> OfEntry { get; } = entry => new CostFact
    {
        Day = entry.Day,
        Hour = entry.Hour,
        TeamId = entry.TeamId,
        ApplicationId = entry.ApplicationId,
        KeyId = entry.KeyId,
        SubjectId = entry.SubjectId,
        Provider = entry.Provider,
        Model = entry.Model,
        Cost = entry.CostNanoUsd,
        Requests = entry.RequestCount,
        Errors = entry.Outcome == CallOutcome.Succeeded ? 0L : entry.RequestCount,
        Prompt = entry.InputTokens + entry.CachedInputTokens + entry.CacheWriteTokens + entry.CacheWrite1hTokens + entry.AudioInputTokens + entry.ImageInputTokens,
        Cached = entry.CachedInputTokens,
        Output = entry.OutputTokens + entry.AudioOutputTokens + entry.ImageOutputTokens,
        Estimated = entry.Provenance == Provenance.Estimated ? (long)entry.RequestCount : 0L,
        Unpriced = entry.Unpriced ? (long)entry.RequestCount : 0L,
        Sandbox = entry.Connection == ProviderConnections.SandboxName ? (long)entry.RequestCount : 0L,
        CacheHits = entry.SavedNanoUsd != null ? (long)entry.RequestCount : 0L,
        Saved = entry.SavedNanoUsd ?? 0L,
    };

    /// <summary>Rollups without their dimensions, for questions that ask for none.</summary>
    public static IQueryable<CostFact> Of(IQueryable<CostRollup> rollups) => rollups.Select(rollup => new CostFact
    {
        Day = rollup.Day,
        Hour = rollup.Hour,
        Cost = rollup.CostNanoUsd,
        Requests = rollup.Requests,
        Errors = rollup.Errors,
        Prompt = rollup.PromptTokens,
        Cached = rollup.CachedTokens,
        Output = rollup.OutputTokens,
        Estimated = rollup.Estimated,
        Unpriced = rollup.Unpriced,
        Sandbox = rollup.Sandbox,
        CacheHits = rollup.CacheHits,
        Saved = rollup.SavedNanoUsd,
    });

    public static IQueryable<CostFact> Of(GovernanceDbContext db, IQueryable<CostRollup> rollups) =>
        from rollup in rollups
        join dimensions in db.RollupDimensions on rollup.DimensionsId equals dimensions.Id
        select new CostFact
        {
            Day = rollup.Day,
            Hour = rollup.Hour,
            TeamId = dimensions.TeamId,
            ApplicationId = dimensions.ApplicationId,
            KeyId = dimensions.KeyId,
            SubjectId = dimensions.SubjectId,
            Provider = dimensions.Provider,
            Model = dimensions.Model,
            Cost = rollup.CostNanoUsd,
            Requests = rollup.Requests,
            Errors = rollup.Errors,
            Prompt = rollup.PromptTokens,
            Cached = rollup.CachedTokens,
            Output = rollup.OutputTokens,
            Estimated = rollup.Estimated,
            Unpriced = rollup.Unpriced,
            Sandbox = rollup.Sandbox,
            CacheHits = rollup.CacheHits,
            Saved = rollup.SavedNanoUsd,
        };
}
