using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Keys;

/// <summary>Which keys or service accounts a list shows. It stands in the URL.</summary>
/// <param name="State">The value of one of <see cref="States"/>; none for all.</param>
/// <param name="Search">A part of a name, a hint, an owner, an application or a team; none for all.</param>
public sealed record KeyFilter(string? State, string? Search)
{
    private const string Active = "active";
    private const string Expiring = "expiring";
    private const string Old = "old";
    private const string OwnerDisabled = "owner-disabled";
    private const string Expired = "expired";
    private const string Revoked = "revoked";

    /// <summary>The states one can choose; those of warnings are part of the active ones.</summary>
    public static IReadOnlyList<FilterOption> States { get; } =
    [
        new(Active, "Active"), new(Expiring, "Expiring soon"), new(Old, "Old secret"), new(OwnerDisabled, "Owner disabled"),
        new(Expired, "Expired"), new(Revoked, "Revoked"),
    ];

    public static KeyFilter None { get; } = new(null, null);

    public static KeyFilter Parse(string? state, string? search) =>
        new(States.Any(option => option.Value == state) ? state : null, string.IsNullOrWhiteSpace(search) ? null : search.Trim());

    public IEnumerable<(string Name, string? Value)> Query() => [("state", State), ("search", Search)];

    public bool Matches(VirtualKeyRow key) => MatchesState(key) && MatchesText([key.Name, key.Hint, key.Owner?.Name, key.ApplicationName, key.TeamName]);

    public bool Matches(ServiceAccountRow account) => MatchesState(account) && MatchesText([account.Name, account.Hint, account.Owner?.Name]);

    private bool MatchesState(CredentialRow row) => State switch
    {
        Active => row.Health.State == KeyState.Active,
        Expiring => row.Health.IsExpiring,
        Old => row.Health.IsOld,
        OwnerDisabled => row.Health.State == KeyState.OwnerDisabled,
        Expired => row.Health.State == KeyState.Expired,
        Revoked => row.Health.State == KeyState.Revoked,
        _ => true,
    };

    private bool MatchesText(IEnumerable<string?> texts) =>
        Search is null || texts.Any(text => text?.Contains(Search, StringComparison.CurrentCultureIgnoreCase) == true);
}
