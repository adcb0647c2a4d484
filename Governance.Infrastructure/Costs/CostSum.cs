using Governance.Domain.Costs;

namespace Governance.Infrastructure.Costs;

/// <summary>The members of the dimensions a sum belongs to; those that were not asked for are null.</summary>
public sealed record CostKey
{
    public DateOnly? Day { get; init; }

    public int? Hour { get; init; }

    /// <summary>The first day of the month.</summary>
    public DateOnly? Month { get; init; }

    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? SubjectId { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }
}

/// <summary>A sum over ledger entries.</summary>
/// <param name="Key">What it is the sum of.</param>
/// <param name="CostNanoUsd">Σ cost.</param>
/// <param name="Requests">How many calls.</param>
/// <param name="Errors">How many of them did not succeed.</param>
/// <param name="PromptTokens">Prompt tokens of every class.</param>
/// <param name="CachedTokens">Those read from a cache.</param>
/// <param name="OutputTokens">Completion tokens of every class.</param>
/// <param name="Estimated">How many calls rest on an estimate.</param>
/// <param name="Unpriced">How many calls have no price.</param>
/// <param name="Sandbox">How many calls the built-in sandbox answered; what they cost is made up.</param>
/// <param name="CacheHits">How many calls were answered from the response cache, at no cost.</param>
/// <param name="SavedNanoUsd">Σ of what those stored answers had cost.</param>
public sealed record CostSum(
    CostKey Key, long CostNanoUsd, long Requests, long Errors, long PromptTokens, long CachedTokens, long OutputTokens, long Estimated, long Unpriced,
    long Sandbox, long CacheHits, long SavedNanoUsd)
{
    public static CostSum Zero { get; } = new(new CostKey(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public Money Cost => new(CostNanoUsd);

    public Money Saved => new(SavedNanoUsd);

    public long Tokens => PromptTokens + OutputTokens;

    /// <summary>Adds two sums up; what they are the sum of is lost.</summary>
    public static CostSum operator +(CostSum left, CostSum right) => new(
        new CostKey(),
        checked(left.CostNanoUsd + right.CostNanoUsd),
        left.Requests + right.Requests,
        left.Errors + right.Errors,
        left.PromptTokens + right.PromptTokens,
        left.CachedTokens + right.CachedTokens,
        left.OutputTokens + right.OutputTokens,
        left.Estimated + right.Estimated,
        left.Unpriced + right.Unpriced,
        left.Sandbox + right.Sandbox,
        left.CacheHits + right.CacheHits,
        checked(left.SavedNanoUsd + right.SavedNanoUsd));
}
