using System.Collections.Concurrent;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Privacy;

/// <summary>Looks up whether a call's content is kept, and keeps the rules for a moment.</summary>
public sealed class CaptureRuleDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A rule that is ended in another process still captures here for at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Guid, (IReadOnlyList<CaptureChoice> Rules, DateTimeOffset ReadAt)> _cache = new();
    private readonly Lock _changing = new();
    private long _forgotten;

    /// <summary>The rule that decides about a call; none if nothing is kept.</summary>
    public async ValueTask<CaptureChoice?> FindAsync(Guid organizationId, Guid? applicationId, string? dataClass, CancellationToken cancellation)
    {
        var rules = await RulesAsync(organizationId, cancellation);
        return rules.Count == 0 ? null : CaptureChoice.For(rules, applicationId, dataClass);
    }

    /// <summary>To be called after a change was committed.</summary>
    internal void Forget(Guid organizationId)
    {
        lock (_changing)
        {
            _forgotten++;
            _cache.TryRemove(organizationId, out _);
        }
    }

    private async ValueTask<IReadOnlyList<CaptureChoice>> RulesAsync(Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(organizationId, out var cached) && now - cached.ReadAt < Freshness) return cached.Rules;

        var forgotten = Volatile.Read(ref _forgotten);
        await using var db = database.ForOrganization(organizationId);
        var rows = await db.CaptureRules.AsNoTracking().ToListAsync(cancellation);
        IReadOnlyList<CaptureChoice> rules = [.. rows.Select(rule => rule.ToChoice())];
        lock (_changing)
        {
            // What was read before a change was announced may be the old state, and is not kept.
            if (_forgotten == forgotten) _cache[organizationId] = (rules, now);
        }

        return rules;
    }
}
