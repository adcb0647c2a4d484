namespace Governance.Infrastructure.Approvals;

/// <summary>One line of a diff, as people read it.</summary>
/// <param name="Field">What changes.</param>
/// <param name="Before">What it is now; none if there is nothing yet.</param>
/// <param name="After">What it would be; none if nothing would be left.</param>
public sealed record FieldChange(string Field, string? Before, string? After);
