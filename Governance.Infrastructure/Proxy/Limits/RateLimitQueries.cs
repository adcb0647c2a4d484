using Governance.Domain.Identity;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Limits with how much of them is used: here, and elsewhere as far as other processes said.</summary>
public sealed class RateLimitQueries(
    AccessControl access, GovernanceDatabase database, LimitBooks books, LimitExchange exchange, SubjectDirectory subjects, AddressIds addresses, TimeProvider time)
{
    /// <summary>Every limit, by kind, the defaults first; none for who may not see them.</summary>
    public async Task<IReadOnlyList<RateLimitRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.LimitsRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var limits = await db.RateLimits.AsNoTracking().ToListAsync(cancellation);
        var names = await NamesAsync(db, actor.OrganizationId, limits, cancellation);
        var use = Use(actor.OrganizationId);
        var own = limits.Select(limit => (limit.Scope, limit.ScopeId)).ToHashSet();
        return
        [
            .. limits.Select(limit => ToRow(limit, names, use, own))
                .OrderBy(row => row.Scope).ThenBy(row => row.ScopeId is not null).ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Id),
        ];
    }

    /// <summary>One limit; none if there is no such, or the actor may not see it.</summary>
    public async Task<RateLimitRow?> FindAsync(Actor actor, Guid limitId, CancellationToken cancellation) =>
        (await ListAsync(actor, cancellation)).FirstOrDefault(row => row.Id == limitId);

    /// <summary>On whom limits can be set by choosing; none for who may not set any.</summary>
    public async Task<IReadOnlyList<LimitChoice>> ChoicesAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.LimitsWrite, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var applications = await db.Applications.Select(row => new { row.Id, row.Name }).ToListAsync(cancellation);
        var teams = await db.Teams.Select(row => new { row.Id, row.Name }).ToListAsync(cancellation);
        var keys = await db.VirtualKeys.Where(row => row.RevokedAt == null)
            .Join(db.Applications, key => key.ApplicationId, application => application.Id, (key, application) => new { key.Id, key.Name, Application = application.Name })
            .ToListAsync(cancellation);
        return
        [
            .. keys.Select(row => new LimitChoice(LimitScope.Key, row.Id, $"{row.Application} · {row.Name}"))
                .Concat(applications.Select(row => new LimitChoice(LimitScope.Application, row.Id, row.Name)))
                .Concat(teams.Select(row => new LimitChoice(LimitScope.Team, row.Id, row.Name)))
                .OrderBy(choice => choice.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static RateLimitRow ToRow(
        RateLimit limit, Dictionary<Guid, string> names, Dictionary<(LimitScope, Guid, LimitMetric), long> use, HashSet<(LimitScope, Guid)> own)
    {
        var isDefault = limit.ScopeId == RateLimit.Each;
        var counted = use.Where(one => one.Key.Item1 == limit.Scope && (isDefault ? !own.Contains((one.Key.Item1, one.Key.Item2)) : one.Key.Item2 == limit.ScopeId)).ToList();
        return new RateLimitRow(limit.Id, limit.Scope, isDefault ? null : limit.ScopeId, isDefault ? null : names.GetValueOrDefault(limit.ScopeId, limit.ScopeId.ToString("n")), limit.Values, limit.ChangedAt)
        {
            Requests = Of(LimitMetric.Requests),
            Tokens = Of(LimitMetric.Tokens),
            Concurrent = Of(LimitMetric.Concurrent),
            Active = counted.Where(one => one.Value > 0).Select(one => one.Key.Item2).Distinct().Count(),
        };

        LimitUse Of(LimitMetric metric) => new(limit.Values.Of(metric), counted.Where(one => one.Key.Item3 == metric).Select(one => one.Value).DefaultIfEmpty().Max());
    }

    private Dictionary<(LimitScope, Guid, LimitMetric), long> Use(Guid organizationId)
    {
        var (use, now) = (new Dictionary<(LimitScope, Guid, LimitMetric), long>(), time.GetUtcNow());
        books.Of(organizationId).ForEach((who, quota) => Add((who.Scope, who.ScopeId, quota.Metric), quota.Used(now)));
        foreach (var share in exchange.Elsewhere(organizationId)) Add((share.Scope, share.ScopeId, share.Metric), share.Used);
        return use;

        void Add((LimitScope, Guid, LimitMetric) key, long used) => use[key] = use.GetValueOrDefault(key) + used;
    }

    private async Task<Dictionary<Guid, string>> NamesAsync(GovernanceDbContext db, Guid organizationId, List<RateLimit> limits, CancellationToken cancellation)
    {
        var names = new Dictionary<Guid, string>();
        foreach (var address in limits.Where(limit => limit.WrappedAddress is not null))
            names[address.ScopeId] = CallerAddress.Name(addresses.Unwrap(organizationId, address.WrappedAddress!));
        var ids = limits.Select(limit => limit.ScopeId).ToList();
        foreach (var row in await db.Teams.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Name }).ToListAsync(cancellation)) names[row.Id] = row.Name;
        foreach (var row in await db.Applications.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Name }).ToListAsync(cancellation)) names[row.Id] = row.Name;
        foreach (var row in await db.VirtualKeys.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Name }).ToListAsync(cancellation)) names[row.Id] = row.Name;
        var people = await db.Users.Where(row => row.OrganizationId == organizationId && ids.Contains(row.Id)).Select(row => new { row.Id, row.DisplayName }).ToListAsync(cancellation);
        foreach (var row in people) names[row.Id] = row.DisplayName;
        var persons = limits.Where(limit => limit.Scope == LimitScope.Person && !names.ContainsKey(limit.ScopeId)).Select(limit => limit.ScopeId);
        foreach (var (id, reference) in await subjects.ReferencesAsync(organizationId, persons, cancellation)) names[id] = reference;
        return names;
    }
}

/// <summary>Somebody on whom a limit can be set.</summary>
public sealed record LimitChoice(LimitScope Scope, Guid Id, string Name);
