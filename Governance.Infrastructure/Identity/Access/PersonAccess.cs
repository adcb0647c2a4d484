using Governance.Domain.Identity;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>What a person may do, as of a moment ago.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="OrganizationId">Where.</param>
/// <param name="IsDisabled">A disabled person may do nothing, not even sign in.</param>
/// <param name="Roles">The names of the roles they hold, for whatever scope.</param>
/// <param name="Reaches">For each permission they hold: what part of the organisation it covers.</param>
public sealed record PersonAccess(
    Guid PersonId, Guid OrganizationId, bool IsDisabled, IReadOnlyList<string> Roles, IReadOnlyDictionary<string, Reach> Reaches)
{
    public Reach ReachOf(string permission) => IsDisabled ? Reach.None : Reaches.GetValueOrDefault(permission, Reach.None);

    public bool May(string permission) => !ReachOf(permission).IsNone;

    /// <summary>Changes whenever what the person may do changes.</summary>
    public string Fingerprint { get; } = string.Join(
        ';',
        Reaches.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry =>
            $"{entry.Key}:{entry.Value.Everything}:{string.Join(',', entry.Value.Teams.Order())}:{string.Join(',', entry.Value.Applications.Order())}"));
}
