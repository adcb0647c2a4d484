namespace Governance.Web.Components.Shared;

/// <summary>The ids that tie an input to its label and to its hint or error.</summary>
public sealed record FieldIds(string Id)
{
    public string ErrorId => Id + "-note";
}
