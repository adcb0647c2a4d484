namespace Governance.Web.Components.Shared;

/// <summary>What the page request knew of the browser, carried into the circuit (signed, so the browser cannot change it).</summary>
/// <param name="Theme"><c>light</c> or <c>dark</c>; none to follow the system.</param>
/// <param name="Culture">Whose number and date formats to use.</param>
/// <param name="IpAddress">For the audit trail.</param>
/// <param name="UserAgent">For the audit trail.</param>
public sealed record ClientInfo(string? Theme, string Culture, string? IpAddress, string? UserAgent)
{
    public static ClientInfo Unknown { get; } = new(null, "", null, null);
}
