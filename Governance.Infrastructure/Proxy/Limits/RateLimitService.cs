using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Keeps an organisation's limits.</summary>
public sealed class RateLimitService(
    AccessControl access, GovernanceDatabase database, LimitTargets targets, AddressIds addresses, RateLimitDirectory directory, AuditTrail audit, TimeProvider time)
{
    /// <summary>The most limits of an organisation.</summary>
    public const int MaxLimits = 5_000;

    private const string Permission = Permissions.LimitsWrite;

    private static readonly Refusal Unknown = Refusal.NotFound("There is no such limit any more.");

    /// <summary>Sets a limit, or changes it if there is one. It applies here at once, and in other processes within seconds.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="scope">On what kind.</param>
    /// <param name="target">On whom, as <see cref="LimitTargets"/> reads it; nothing for each that has none of their own.</param>
    /// <param name="values">How much is let through.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The limit's id.</returns>
    public Task<Result<Guid>> SetAsync(Actor actor, LimitScope scope, string? target, LimitValues values, CancellationToken cancellation) =>
        SetAsync(actor, scope, target, values, mayChange: true, cancellation);

    /// <summary>As <see cref="SetAsync(Actor, LimitScope, string?, LimitValues, CancellationToken)"/>, but refuses to change a limit that is there.</summary>
    public Task<Result<Guid>> AddAsync(Actor actor, LimitScope scope, string? target, LimitValues values, CancellationToken cancellation) =>
        SetAsync(actor, scope, target, values, mayChange: false, cancellation);

    private async Task<Result<Guid>> SetAsync(Actor actor, LimitScope scope, string? target, LimitValues values, bool mayChange, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        if (!Enum.IsDefined(scope)) return Refusal.Invalid(nameof(scope), "Choose a kind.");
        if (values.Check() is { } wrong) return wrong;
        var result = await database.SeriallyAsync<Guid>(
            actor.OrganizationId,
            async db =>
            {
                var search = await targets.FindAsync(db, actor.OrganizationId, scope, target, cancellation);
                if (!search.Succeeded) return search.Refusal;
                var (found, now) = (search.Value, time.GetUtcNow());
                if (await db.RateLimits.SingleOrDefaultAsync(row => row.Scope == scope && row.ScopeId == found.ScopeId, cancellation) is { } limit)
                {
                    if (!mayChange) return Refusal.Invalid(nameof(target), "There is a limit on this already. Change that one.");
                    var before = limit.Values;
                    (limit.Values, limit.ChangedAt) = (values, now);
                    Record(db, actor, "limit.changed", limit, new { before, after = values });
                    return limit.Id;
                }

                if (await db.RateLimits.CountAsync(cancellation) >= MaxLimits) return Refusal.Conflict($"There are {MaxLimits} limits already. Delete one first.");
                limit = new RateLimit
                {
                    Id = Guid.CreateVersion7(now),
                    OrganizationId = actor.OrganizationId,
                    Scope = scope,
                    ScopeId = found.ScopeId,
                    WrappedAddress = found.Address is { } address ? addresses.Wrap(actor.OrganizationId, address) : null,
                    Values = values,
                    CreatedAt = now,
                    ChangedAt = now,
                };
                db.RateLimits.Add(limit);
                Record(db, actor, "limit.created", limit, values);
                return limit.Id;
            },
            cancellation);
        directory.Forget(actor.OrganizationId);
        return result;
    }

    /// <summary>Deletes a limit. Whom it was set on has the default of the kind from then on, if there is one.</summary>
    public async Task<Result> DeleteAsync(Actor actor, Guid limitId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.RateLimits.SingleOrDefaultAsync(row => row.Id == limitId, cancellation) is not { } limit) return Unknown;
        db.RateLimits.Remove(limit);
        Record(db, actor, "limit.deleted", limit, limit.Values);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Unknown; // Somebody else deleted it at this moment.
        }

        directory.Forget(actor.OrganizationId);
        return Result.Ok;
    }

    /// <summary>An address is not told: it is kept nowhere in clear.</summary>
    private void Record(GovernanceDbContext db, Actor actor, string action, RateLimit limit, object values) =>
        audit.Record(db, actor, action, "limit", Domain.PublicId.Format(Domain.PublicId.Limit, limit.Id), new
        {
            scope = limit.Scope, target = limit.ScopeId == RateLimit.Each ? LimitTargets.Each : limit.ScopeId.ToString("n"), values,
        });
}
