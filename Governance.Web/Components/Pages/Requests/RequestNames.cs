using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Components.Pages.Requests;

/// <summary>The names behind the ids of calls.</summary>
public sealed record RequestNames(
    IReadOnlyDictionary<Guid, string> Teams,
    IReadOnlyDictionary<Guid, string> Applications,
    IReadOnlyDictionary<Guid, string> Keys,
    IReadOnlyDictionary<Guid, string> People)
{
    /// <param name="names">Where names come from.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="people">The people that are shown: only their names are decrypted.</param>
    /// <param name="cancellation">Stops the queries.</param>
    public static async Task<RequestNames> LoadAsync(
        CostNames names, Actor actor, IEnumerable<Guid?> people, CancellationToken cancellation) => new(
        await names.LoadAsync(actor, CostDimension.Team, cancellation),
        await names.LoadAsync(actor, CostDimension.Application, cancellation),
        await names.LoadAsync(actor, CostDimension.Key, cancellation),
        await names.PeopleAsync(actor, people, cancellation));

    public string Team(Call call) => Name(Teams, call.TeamId);

    public string Application(Call call) => Name(Applications, call.ApplicationId);

    public string Key(Call call) => Name(Keys, call.KeyId);

    public string Person(Call call) => Name(People, call.SubjectId);

    private static string Name(IReadOnlyDictionary<Guid, string> names, Guid? id) =>
        id is null ? "" : names.GetValueOrDefault(id.Value) ?? id.Value.ToString();
}
