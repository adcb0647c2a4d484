using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Caching;

/// <summary>An application and how long answers to it are kept.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Team">The team that owns it.</param>
/// <param name="KeepFor">How long; none where they are not kept.</param>
public sealed record ResponseCacheRow(Guid ApplicationId, string Name, string Team, TimeSpan? KeepFor);

/// <summary>Switches the response cache of applications on and off.</summary>
public sealed class ResponseCacheService(AccessControl access, GovernanceDatabase database, KeyDirectory keys, AuditTrail audit)
{
    /// <summary>The longest that an answer may be kept.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Every application by name; none for who may not see them.</summary>
    public async Task<IReadOnlyList<ResponseCacheRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await db.Applications
            .Join(db.Teams, application => application.TeamId, team => team.Id, (application, team) => new { application.Id, application.Name, Team = team.Name, application.ResponseCacheSeconds })
            .OrderBy(row => row.Name)
            .ToListAsync(cancellation);
        return [.. rows.Select(row => new ResponseCacheRow(row.Id, row.Name, row.Team, row.ResponseCacheSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null))];
    }

    /// <summary>Has answers to an application kept for so long, or not at all. It applies here at once, and in other processes within seconds.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="applicationId">The application.</param>
    /// <param name="keepFor">Whole seconds, to <see cref="Longest"/>; none to keep none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result> SetAsync(Actor actor, Guid applicationId, TimeSpan? keepFor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersManage, cancellation) is { } forbidden) return forbidden;
        if (keepFor is { } time && (time < TimeSpan.FromSeconds(1) || time > Longest || time.Ticks % TimeSpan.TicksPerSecond != 0))
            return Refusal.Invalid(nameof(keepFor), "Keep answers for a second to a day, in whole seconds.");
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Applications.SingleOrDefaultAsync(row => row.Id == applicationId, cancellation) is not { } application) return Refusal.NotFound("There is no such application.");
        var (before, after) = (application.ResponseCacheSeconds, (int?)keepFor?.TotalSeconds);
        if (before == after) return Result.Ok;
        application.ResponseCacheSeconds = after;
        audit.Record(db, actor, "application.response_cache_changed", "application", application.Id.ToString("n"), new { application.Name, before, after });
        await db.SaveChangesAsync(cancellation);
        keys.Forget();
        return Result.Ok;
    }
}
