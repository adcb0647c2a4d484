using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>An application and the team it belongs to, as lists show them.</summary>
public sealed record ApplicationRow(Guid Id, string Name, Guid TeamId, string TeamName);

/// <summary>Registers applications and the teams that own them.</summary>
public sealed class ApplicationService(GovernanceDatabase database, AccessControl access, AccessDirectory directory, AuditTrail audit, TimeProvider time)
{
    private const int MaxNameLength = 200;

    public async Task<IReadOnlyList<ApplicationRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.KeysRead, cancellation);
        return await db.Applications
            .Join(db.Teams, application => application.TeamId, team => team.Id, (application, team) => new { application, team })
            .OrderBy(row => row.application.Name)
            .Select(row => new ApplicationRow(row.application.Id, row.application.Name, row.team.Id, row.team.Name))
            .ToListAsync(cancellation);
    }

    /// <summary>The teams for which the actor may register applications.</summary>
    public async Task<IReadOnlyList<Team>> ListTeamsAsync(Actor actor, CancellationToken cancellation)
    {
        var reach = await access.ReachAsync(actor, Permissions.ApplicationsWrite, cancellation);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var teams = await db.Teams.AsNoTracking().Where(team => team.ArchivedAt == null).OrderBy(team => team.Name).ToListAsync(cancellation);
        return [.. teams.Where(team => reach.Covers(AccessScope.Team(team.Id)))];
    }

    /// <summary>Registers an application; a team that does not exist yet is made with it.</summary>
    public async Task<Result<ApplicationRow>> CreateAsync(Actor actor, string name, string teamName, CancellationToken cancellation)
    {
        (name, teamName) = (name.Trim(), teamName.Trim());
        if (name.Length is 0 or > MaxNameLength)
            return Refusal.Invalid("Application", $"Give the application a name of 1 to {MaxNameLength} characters.");
        if (teamName.Length is 0 or > MaxNameLength)
            return Refusal.Invalid("Team", $"Name the team that owns it, in 1 to {MaxNameLength} characters.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Applications.AnyAsync(application => application.Name == name, cancellation))
            return Refusal.Conflict($"There is an application called '{name}' already. Choose it from the list, or another name.");

        var now = time.GetUtcNow();
        var team = await db.Teams.SingleOrDefaultAsync(team => team.Name == teamName, cancellation);
        var scope = team is null ? AccessScope.Organization : AccessScope.Team(team.Id);
        if (await access.CheckAsync(actor, Permissions.ApplicationsWrite, scope, cancellation) is { } refusal) return refusal;
        if (team is null)
        {
            team = new Team { Id = Guid.CreateVersion7(now), OrganizationId = actor.OrganizationId, Name = teamName, CreatedAt = now };
            db.Teams.Add(team);
            audit.Record(db, actor, "team.created", "team", team.Id.ToString("n"), new { team.Name });
        }

        var application = new Application
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            TeamId = team.Id,
            Name = name,
            CreatedAt = now,
        };
        db.Applications.Add(application);
        audit.Record(db, actor, "application.created", "application", application.Id.ToString("n"), new { application.Name, Team = team.Name });
        try
        {
            await db.SaveChangesAsync(cancellation);
            directory.Forget();
            return new ApplicationRow(application.Id, application.Name, team.Id, team.Name);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody registered this application or this team at this very moment. Look at the list again.");
        }
    }
}
