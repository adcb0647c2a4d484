namespace Governance.Domain.Identity;

/// <summary>For what part of an organisation a role is held.</summary>
/// <param name="Kind">The whole organisation, a team with all teams below it, or one application.</param>
/// <param name="Id">The team or application; none for the whole organisation.</param>
public readonly record struct AccessScope(ScopeKind Kind, Guid? Id)
{
    public static AccessScope Organization => default;

    public static AccessScope Team(Guid id) => new(ScopeKind.Team, id);

    public static AccessScope Application(Guid id) => new(ScopeKind.Application, id);
}

public enum ScopeKind
{
    Organization,
    Team,
    Application,
}
