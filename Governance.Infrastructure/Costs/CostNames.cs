using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>Resolves the ids in cost keys to names when they are shown; the ledger itself holds no name.</summary>
public sealed class CostNames(AccessControl access, SubjectDirectory subjects)
{
    public const string Unattributed = "Unattributed";

    /// <summary>Names for the members of one dimension, by id; members without a name are absent. People are asked for by id.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> LoadAsync(Actor actor, CostDimension dimension, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.CostsRead, cancellation);
        return dimension switch
        {
            CostDimension.Team => await NamesAsync(db.Teams.Select(team => new KeyValuePair<Guid, string>(team.Id, team.Name))),
            CostDimension.Application => await NamesAsync(db.Applications.Select(application => new KeyValuePair<Guid, string>(application.Id, application.Name))),
            CostDimension.Key => await NamesAsync(db.VirtualKeys.Select(key => new KeyValuePair<Guid, string>(key.Id, key.Name))),
            _ => new Dictionary<Guid, string>(),
        };

        async Task<Dictionary<Guid, string>> NamesAsync(IQueryable<KeyValuePair<Guid, string>> members) => new(await members.ToListAsync(cancellation));
    }

    /// <summary>Names for the members that keys belong to: of people, whose names are encrypted one by one, no others are read.</summary>
    public Task<IReadOnlyDictionary<Guid, string>> LoadAsync(
        Actor actor, CostDimension dimension, IEnumerable<CostKey> shown, CancellationToken cancellation) =>
        dimension == CostDimension.Person
            ? PeopleAsync(actor, shown.Select(key => key.SubjectId), cancellation)
            : LoadAsync(actor, dimension, cancellation);

    /// <summary>What applications call some people.</summary>
    public Task<IReadOnlyDictionary<Guid, string>> PeopleAsync(Actor actor, IEnumerable<Guid?> shown, CancellationToken cancellation) =>
        subjects.ReferencesAsync(actor.OrganizationId, shown.OfType<Guid>(), cancellation);

    /// <summary>What a sum is of, along one dimension.</summary>
    public static string Label(CostDimension dimension, CostKey key, IReadOnlyDictionary<Guid, string> names) => dimension switch
    {
        CostDimension.Day => key.Day?.ToString("d", System.Globalization.CultureInfo.CurrentCulture) ?? "",
        CostDimension.Hour => key.Hour is { } hour ? $"{hour:00}:00" : "",
        CostDimension.Month => key.Month?.ToString("y", System.Globalization.CultureInfo.CurrentCulture) ?? "",
        CostDimension.Model => key.Model ?? Unattributed,
        CostDimension.Provider => key.Provider ?? Unattributed,
        _ => MemberId(dimension, key) is { } id ? names.GetValueOrDefault(id) ?? id.ToString() : Unattributed,
    };

    public static Guid? MemberId(CostDimension dimension, CostKey key) => dimension switch
    {
        CostDimension.Team => key.TeamId,
        CostDimension.Application => key.ApplicationId,
        CostDimension.Key => key.KeyId,
        CostDimension.Person => key.SubjectId,
        _ => null,
    };
}
