namespace Governance.Web.Components.Shared;

/// <summary>What it means that a figure grew.</summary>
public enum Rise
{
    /// <summary>Cost, errors.</summary>
    Bad,

    /// <summary>Volume.</summary>
    Neutral,
}
