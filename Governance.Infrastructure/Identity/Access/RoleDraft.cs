namespace Governance.Infrastructure.Identity.Access;

/// <summary>A custom role as its author wants it.</summary>
/// <param name="Name">Its stable name in snake_case, which is never reused.</param>
/// <param name="DisplayName">As pages call it, in at most 100 characters.</param>
/// <param name="Description">What it is for, in at most 500 characters.</param>
/// <param name="Permissions">What it allows itself.</param>
/// <param name="Inherits">The names of the roles whose permissions it has too.</param>
public sealed record RoleDraft(
    string Name, string DisplayName, string Description, IReadOnlyCollection<string> Permissions, IReadOnlyCollection<string> Inherits);
