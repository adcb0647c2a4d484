using Governance.Infrastructure.Organizations;

namespace Governance.Web.Components.Pages.Teams;

/// <summary>How teams are written where only text fits.</summary>
internal static class TeamNames
{
    /// <summary>Moved in by its depth, for the options of a select.</summary>
    public static string Indented(TeamRow team) => string.Concat(Enumerable.Repeat("\u2003", team.Depth)) + team.Name;
}
