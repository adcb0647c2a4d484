using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>What the parts of an organisation are called.</summary>
/// <param name="Teams">The teams' names.</param>
/// <param name="Applications">The applications' names.</param>
public sealed record ScopeNames(IReadOnlyDictionary<Guid, string> Teams, IReadOnlyDictionary<Guid, string> Applications)
{
    private const string Whole = "Whole organisation";

    public string this[AccessScope scope] => scope switch
    {
        { Kind: ScopeKind.Team, Id: { } team } => OfTeam(Teams.GetValueOrDefault(team, "a team that is gone")),
        { Kind: ScopeKind.Application, Id: { } application } => OfApplication(Applications.GetValueOrDefault(application, "an application that is gone")),
        _ => Whole,
    };

    internal static async Task<ScopeNames> LoadAsync(GovernanceDbContext db, CancellationToken cancellation) => new(
        await db.Teams.ToDictionaryAsync(team => team.Id, team => team.Name, cancellation),
        await db.Applications.ToDictionaryAsync(application => application.Id, application => application.Name, cancellation));

    /// <summary>What one scope is called; none if it does not exist.</summary>
    internal static async Task<string?> FindAsync(GovernanceDbContext db, AccessScope scope, CancellationToken cancellation)
    {
        if (scope.Kind == ScopeKind.Organization) return scope.Id is null ? Whole : null;
        var name = scope.Kind == ScopeKind.Team
            ? await db.Teams.Where(team => team.Id == scope.Id && team.ArchivedAt == null).Select(team => team.Name).SingleOrDefaultAsync(cancellation)
            : await db.Applications.Where(application => application.Id == scope.Id).Select(application => application.Name).SingleOrDefaultAsync(cancellation);
        return name is null ? null : scope.Kind == ScopeKind.Team ? OfTeam(name) : OfApplication(name);
    }

    private static string OfTeam(string name) => $"Team {name} and below";

    private static string OfApplication(string name) => $"Application {name}";
}
