using Governance.Domain.Privacy;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Privacy;

/// <summary>Looks up whether a call's content is kept, and keeps the rules for a moment.</summary>
public sealed class CaptureRuleDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A rule that is ended in another process still captures here for at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FreshCache<Guid, IReadOnlyList<CaptureChoice>> _cache = new(time, Freshness);

    /// <summary>The rule that decides about a call; none if nothing is kept.</summary>
    public async ValueTask<CaptureChoice?> FindAsync(Guid organizationId, Guid? applicationId, string? dataClass, CancellationToken cancellation)
    {
        var rules = await _cache.GetAsync(organizationId, ReadAsync, cancellation);
        return rules.Count == 0 ? null : CaptureChoice.For(rules, applicationId, dataClass);
    }

    /// <summary>To be called after a change was committed.</summary>
    internal void Forget(Guid organizationId) => _cache.Forget(organizationId);

    private async Task<IReadOnlyList<CaptureChoice>> ReadAsync(Guid organizationId)
    {
        await using var db = database.ForOrganization(organizationId);
        var rows = await db.CaptureRules.AsNoTracking().ToListAsync();
        return [.. rows.Select(rule => rule.ToChoice())];
    }
}
