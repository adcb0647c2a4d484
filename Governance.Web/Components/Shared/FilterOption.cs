namespace Governance.Web.Components.Shared;

/// <summary>A choice of a filter: how it stands in the URL, and how it is called.</summary>
public sealed record FilterOption(string Value, string Label);
