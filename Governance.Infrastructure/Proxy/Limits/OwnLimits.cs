using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>A limit as it applies to somebody.</summary>
internal readonly record struct AppliedLimit(LimitScope Scope, Guid ScopeId, LimitValues Values);

/// <summary>The limits of one organisation.</summary>
internal sealed class OwnLimits(IReadOnlyList<RateLimit> rows)
{
    private readonly Dictionary<(LimitScope, Guid), LimitValues> _values = rows.ToDictionary(row => (row.Scope, row.ScopeId), row => row.Values);

    public bool IsEmpty => _values.Count == 0;

    public bool CountsAddresses { get; } = rows.Any(row => row.Scope == LimitScope.Address);

    public bool CountsTokens { get; } = rows.Any(row => row.TokensPerMinute is not null);

    /// <summary>Adds the limit of somebody: their own, else that of everybody of their kind.</summary>
    public void AddTo(List<AppliedLimit> limits, LimitScope scope, Guid? id, bool ownOnly = false)
    {
        if (id is not { } known) return;
        if (_values.TryGetValue((scope, known), out var values) || (!ownOnly && _values.TryGetValue((scope, RateLimit.Each), out values)))
            limits.Add(new AppliedLimit(scope, known, values));
    }

    /// <summary>Whether somebody's limit is their own.</summary>
    public bool IsOwn(LimitScope scope, Guid id) => _values.ContainsKey((scope, id));
}
