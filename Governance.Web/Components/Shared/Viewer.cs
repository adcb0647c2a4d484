using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;

namespace Governance.Web.Components.Shared;

/// <summary>Who looks at the pages of this circuit, and how figures are written for them. Loaded once per circuit.</summary>
public sealed class Viewer(Actor actor, PersonAccess access, string name, Organization organization, Formats formats, TimeProvider time)
{
    public Actor Actor { get; } = actor;

    public string Name { get; } = name;

    public Organization Organization { get; } = organization;

    public Formats Formats { get; } = formats;

    public Guid OrganizationId => Actor.OrganizationId;

    public string RoleName => access.Roles.Count == 0 ? "No role yet" : string.Join(", ", access.Roles.Select(Roles.DisplayName));

    /// <summary>Whether they may do something somewhere, as of when the page was opened: for what is shown. Services decide.</summary>
    public bool May(string permission) => access.May(permission);

    /// <inheritdoc cref="May(string)"/>
    public bool May(string permission, AccessScope scope) => access.ReachOf(permission).Covers(scope);

    /// <summary>Decides on which day a call falls; the same for all viewers.</summary>
    public ReportingZone ReportingZone { get; } = organization.Zone;

    public DateOnly Today => ReportingZone.DayOf(time.GetUtcNow());
}
