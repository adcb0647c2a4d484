using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Proxy.Connections;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>Keeps an organisation's routes.</summary>
public sealed class RouteService(
    AccessControl access, GovernanceDatabase database, ProviderConnections connections, ConnectionDirectory directory, AuditTrail audit, TimeProvider time)
{
    /// <summary>The most routes of an organisation.</summary>
    public const int MaxRoutes = 200;

    private static readonly Refusal Unknown = Refusal.NotFound("There is no such route any more.");
    private static readonly Refusal Taken = Refusal.Invalid(nameof(RouteDraft.Model), "There is a route for this model already. Change that one.");

    /// <summary>The routes, by kind and model; none for who may not see them.</summary>
    public async Task<IReadOnlyList<ModelRoute>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.ModelRoutes.AsNoTracking().OrderBy(route => route.Kind).ThenBy(route => route.Model).ToListAsync(cancellation);
    }

    public async Task<Result<Guid>> CreateAsync(Actor actor, RouteDraft draft, CancellationToken cancellation)
    {
        draft = draft.Trimmed();
        if (await CheckAsync(actor, draft, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var added = await AddAsync(db, actor, draft, cancellation);
        if (!added.Succeeded) return added.Refusal;
        return await SaveAsync(db, cancellation) is { } taken ? taken : added.Value.Id;
    }

    public async Task<Result> ChangeAsync(Actor actor, Guid routeId, RouteDraft draft, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersManage, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.ModelRoutes.SingleOrDefaultAsync(row => row.Id == routeId, cancellation) is not { } route) return Unknown;
        draft = (draft with { Kind = route.Kind }).Trimmed();
        if (await CheckAsync(actor, draft, cancellation) is { } refusal) return refusal;
        Change(db, actor, route, draft);
        return new Result(await SaveAsync(db, cancellation));
    }

    /// <summary>Adds the route for a model of a kind, or changes it if there is one.</summary>
    public async Task<Result<ModelRoute>> SetAsync(Actor actor, RouteDraft draft, CancellationToken cancellation)
    {
        draft = draft.Trimmed();
        if (await CheckAsync(actor, draft, cancellation) is { } refusal) return refusal;
        var set = await database.SeriallyAsync<ModelRoute>(
            actor.OrganizationId,
            async db =>
            {
                if (await db.ModelRoutes.SingleOrDefaultAsync(row => row.Kind == draft.Kind && row.Model == draft.Model, cancellation) is not { } route)
                    return await AddAsync(db, actor, draft, cancellation);
                Change(db, actor, route, draft);
                return route;
            },
            cancellation);
        directory.Forget();
        return set;
    }

    /// <summary>Deletes a route: its calls then go where they would without it.</summary>
    public async Task<Result> DeleteAsync(Actor actor, Guid routeId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersManage, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.ModelRoutes.SingleOrDefaultAsync(row => row.Id == routeId, cancellation) is not { } route) return Unknown;
        db.ModelRoutes.Remove(route);
        audit.Record(db, actor, "route.deleted", "route", route.PublicId, Said(route));
        return new Result(await SaveAsync(db, cancellation));
    }

    private async Task<Refusal?> CheckAsync(Actor actor, RouteDraft draft, CancellationToken cancellation) =>
        await access.CheckAsync(actor, Permissions.ProvidersManage, cancellation)
        ?? draft.Check((await connections.AllAsync(actor.OrganizationId, cancellation)).ToDictionary(connection => connection.Name, connection => connection.Kind, StringComparer.Ordinal));

    private async Task<Result<ModelRoute>> AddAsync(GovernanceDbContext db, Actor actor, RouteDraft draft, CancellationToken cancellation)
    {
        if (await db.ModelRoutes.CountAsync(cancellation) >= MaxRoutes) return Refusal.Conflict($"There are {MaxRoutes} routes already. Delete one first.");
        var now = time.GetUtcNow();
        var route = new ModelRoute
        {
            Id = Guid.CreateVersion7(now), OrganizationId = actor.OrganizationId, Kind = draft.Kind, Model = draft.Model, Targets = draft.Targets, Enabled = draft.Enabled,
            CreatedAt = now, CreatedBy = actor.Id,
        };
        db.ModelRoutes.Add(route);
        audit.Record(db, actor, "route.created", "route", route.PublicId, Said(route));
        return route;
    }

    private void Change(GovernanceDbContext db, Actor actor, ModelRoute route, RouteDraft draft)
    {
        var before = Said(route);
        (route.Model, route.Targets, route.Enabled) = (draft.Model, draft.Targets, draft.Enabled);
        audit.Record(db, actor, "route.changed", "route", route.PublicId, new { before, after = Said(route) });
    }

    private static object Said(ModelRoute route) => new { route.Kind, route.Model, route.Enabled, route.Targets };

    private async Task<Refusal?> SaveAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Taken;
        }

        directory.Forget();
        return null;
    }
}
