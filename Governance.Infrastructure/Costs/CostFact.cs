using System.Linq.Expressions;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;

namespace Governance.Infrastructure.Costs;

/// <summary>What figures are added up from: an entry of the ledger, or a rollup of many.</summary>
internal sealed record CostFact
{
    /// <summary>The member of what has none, such as a call without a key: not empty, as what a rollup's shape does not keep apart.</summary>
    public static readonly Guid None = Guid.AllBitsSet;

    public DateOnly Day { get; init; }

    public int Hour { get; init; }

    public Guid TeamId { get; init; }

    public Guid ApplicationId { get; init; }

    public Guid KeyId { get; init; }

    public Guid SubjectId { get; init; }

    public string Provider { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>How many entries it is.</summary>
    public long Entries { get; init; }

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
        TeamId = entry.TeamId ?? None,
        ApplicationId = entry.ApplicationId ?? None,
        KeyId = entry.KeyId ?? None,
        SubjectId = entry.SubjectId ?? None,
        Provider = entry.Provider,
        Model = entry.Model,
        Entries = 1L,
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

    public static Expression<Func<CostRollup, CostFact>> OfRollup { get; } = rollup => new CostFact
    {
        Day = rollup.Day,
        Hour = rollup.Hour,
        TeamId = rollup.TeamId,
        ApplicationId = rollup.ApplicationId,
        KeyId = rollup.KeyId,
        SubjectId = rollup.SubjectId,
        Provider = rollup.Provider,
        Model = rollup.Model,
        Entries = rollup.Entries,
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

    /// <summary>The same with every figure below zero: what is too much in something larger.</summary>
    public static Expression<Func<CostRollup, CostFact>> LessRollup { get; } = Negated(OfRollup);

    /// <summary>The same as of another day, such as the first of its month.</summary>
    public static Expression<Func<CostRollup, CostFact>> AsOf(Expression<Func<CostRollup, CostFact>> fact, DateOnly day)
    {
        Expression<Func<DateOnly>> value = () => day; // A parameter of the question, not a constant: there is one question for all months.
        return Rebound(fact, binding => binding.Member.Name == nameof(Day) ? value.Body : binding.Expression);
    }

    private static Expression<Func<CostRollup, CostFact>> Negated(Expression<Func<CostRollup, CostFact>> fact) =>
        Rebound(fact, binding => binding.Expression.Type == typeof(long) ? Expression.Negate(binding.Expression) : binding.Expression);

    private static Expression<Func<CostRollup, CostFact>> Rebound(Expression<Func<CostRollup, CostFact>> fact, Func<MemberAssignment, Expression> value)
    {
        var init = (MemberInitExpression)fact.Body;
        var bindings = init.Bindings.Cast<MemberAssignment>().Select(binding => binding.Update(value(binding)));
        return Expression.Lambda<Func<CostRollup, CostFact>>(init.Update(init.NewExpression, bindings), fact.Parameters);
    }
}
