namespace Governance.Domain.Identity;

/// <summary>A role: permissions of its own, and all those of the roles it inherits from.</summary>
/// <param name="Name">Its stable name, in snake_case.</param>
/// <param name="DisplayName">As pages call it.</param>
/// <param name="Description">What it is for, in one sentence.</param>
/// <param name="Permissions">What it allows itself.</param>
/// <param name="Inherits">The names of the roles whose permissions it has too.</param>
public sealed record RoleDefinition(
    string Name, string DisplayName, string Description, IReadOnlyList<string> Permissions, IReadOnlyList<string>? Inherits = null)
{
    public IReadOnlyList<string> Inherits { get; init; } = Inherits ?? [];
}
