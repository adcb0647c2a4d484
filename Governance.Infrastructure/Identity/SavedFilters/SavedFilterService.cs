using System.Collections.Frozen;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.SavedFilters;

/// <summary>
/// A person's own saved filters. They are bookmarks: nobody else sees them and they change nothing of the organisation's, so the audit log
/// does not speak of them.
/// </summary>
public sealed class SavedFilterService(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    public const string Audit = "audit";

    public const int MaxName = 80;

    public const int MaxQuery = 2000;

    /// <summary>How many filters a person can save.</summary>
    public const int MaxFilters = 50;

    /// <summary>The pages that have saved filters, and what one must be allowed to open them.</summary>
    internal static FrozenDictionary<string, string> Areas { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { [Audit] = Permissions.AuditRead }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A person's filters of a page, by name.</summary>
    public async Task<IReadOnlyList<SavedFilter>> ListAsync(Actor actor, string area, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, area, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var filters = await Own(db, actor).AsNoTracking().Where(filter => filter.Area == area).ToListAsync(cancellation);
        return [.. filters.OrderBy(filter => filter.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <param name="actor">Whose it will be.</param>
    /// <param name="area">Of which page.</param>
    /// <param name="name">Under which name; no other of theirs may have it.</param>
    /// <param name="query">The URL's query, without the question mark.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<Guid>> SaveAsync(Actor actor, string area, string name, string query, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, area, cancellation) is { } refusal) return refusal;
        if (query.Length > MaxQuery || query.Any(char.IsControl)) return Refusal.Invalid("Query", "These filters are too long to be saved.");
        name = name.Trim();
        return await database.SeriallyAsync<Guid>(actor.OrganizationId, async db =>
        {
            if (await CheckNameAsync(db, actor, area, null, name, cancellation) is { } refused) return refused;
            if (await Own(db, actor).CountAsync(cancellation) >= MaxFilters)
                return Refusal.Conflict($"You have {MaxFilters} saved filters, which is as many as there can be. Remove one first.");

            var now = time.GetUtcNow();
            var filter = new SavedFilter
            {
                Id = Guid.CreateVersion7(now),
                OrganizationId = actor.OrganizationId,
                PersonId = actor.Id!.Value,
                Area = area,
                Name = name,
                Query = query,
                CreatedAt = now,
            };
            db.SavedFilters.Add(filter);
            return filter.Id;
        }, cancellation);
    }

    public async Task<Result> RenameAsync(Actor actor, Guid filterId, string name, CancellationToken cancellation)
    {
        name = name.Trim();
        return await database.SeriallyAsync(actor.OrganizationId, async db =>
        {
            if (await Own(db, actor).SingleOrDefaultAsync(filter => filter.Id == filterId, cancellation) is not { } filter) return NoSuchFilter();
            if (await CheckNameAsync(db, actor, filter.Area, filterId, name, cancellation) is { } refused) return refused;
            filter.Name = name;
            return Result.Ok;
        }, cancellation);
    }

    public async Task<Result> RemoveAsync(Actor actor, Guid filterId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await Own(db, actor).Where(filter => filter.Id == filterId).ExecuteDeleteAsync(cancellation) == 1 ? Result.Ok : NoSuchFilter();
    }

    /// <summary>None if the actor is a person who may open the page.</summary>
    private async ValueTask<Refusal?> CheckAsync(Actor actor, string area, CancellationToken cancellation)
    {
        if (!Areas.TryGetValue(area, out var permission)) return Refusal.NotFound("There is no such page with saved filters.");
        return actor is { Kind: ActorKind.Person, Id: not null }
            ? await access.CheckAsync(actor, permission, cancellation)
            : Refusal.Forbidden("Only people save filters.");
    }

    private static async Task<Refusal?> CheckNameAsync(GovernanceDbContext db, Actor actor, string area, Guid? self, string name, CancellationToken cancellation)
    {
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl)) return Refusal.Invalid("Name", $"Give a name of 1 to {MaxName} characters.");
        var names = await Own(db, actor).Where(filter => filter.Area == area && filter.Id != self).Select(filter => filter.Name).ToListAsync(cancellation);
        return names.Contains(name, StringComparer.OrdinalIgnoreCase) ? Refusal.Invalid("Name", "You have a saved filter of this name. Choose another.") : null;
    }

    private static IQueryable<SavedFilter> Own(GovernanceDbContext db, Actor actor) => db.SavedFilters.Where(filter => filter.PersonId == actor.Id);

    private static Refusal NoSuchFilter() => Refusal.NotFound("You have no such saved filter.");
}
