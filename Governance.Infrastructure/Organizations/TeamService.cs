using System.Data;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>Creates, renames, moves and archives teams.</summary>
public sealed class TeamService(
    GovernanceDatabase database, AccessControl access, AccessDirectory directory, TeamLeads leads, AuditTrail audit, TimeProvider time)
{
    public const int MaxNameLength = 200;

    /// <summary>Creates a team, below another or at the top.</summary>
    public async Task<Result<Guid>> CreateAsync(Actor actor, string name, Guid? parentId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await CheckNameAsync(db, null, name.Trim(), cancellation) is { } refusal) return refusal;
        if (parentId is not null && !await db.Teams.AnyAsync(team => team.Id == parentId && team.ArchivedAt == null, cancellation)) return NoSuchParent();

        var now = time.GetUtcNow();
        var team = new Team { Id = Guid.CreateVersion7(now), OrganizationId = actor.OrganizationId, Name = name.Trim(), ParentId = parentId, CreatedAt = now };
        db.Teams.Add(team);
        audit.Record(db, actor, "team.created", "team", team.Id.ToString("n"), new { team.Name, team.ParentId });
        var saved = await SaveAsync(db, cancellation);
        return saved.Succeeded ? team.Id : saved.Refusal;
    }

    public async Task<Result> RenameAsync(Actor actor, Guid teamId, string name, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Teams.SingleOrDefaultAsync(team => team.Id == teamId, cancellation) is not { } team) return NoSuchTeam();
        if (await CheckNameAsync(db, teamId, name.Trim(), cancellation) is { } refusal) return refusal;
        if (team.Name == name.Trim()) return Result.Ok;

        audit.Record(db, actor, "team.renamed", "team", team.Id.ToString("n"), new { before = team.Name, after = name.Trim() });
        team.Name = name.Trim();
        return await SaveAsync(db, cancellation);
    }

    /// <summary>Puts a team, with all below it, below another or at the top. What people may see moves with it.</summary>
    public async Task<Result> MoveAsync(Actor actor, Guid teamId, Guid? parentId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        try
        {
            // Two moves at once could close a circle that neither sees.
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
            var teams = await db.Teams.ToDictionaryAsync(team => team.Id, cancellation);
            if (!teams.TryGetValue(teamId, out var team)) return NoSuchTeam();
            if (team.ParentId == parentId) return Result.Ok;
            if (parentId is { } wanted && (!teams.TryGetValue(wanted, out var parent) || parent.ArchivedAt is not null)) return NoSuchParent();
            for (var above = parentId; above is { } id; above = teams[id].ParentId)
            {
                if (id == teamId) return Refusal.Invalid("ParentId", $"{team.Name} cannot be moved below itself. Choose a team that is not one of those below it.");
            }

            audit.Record(db, actor, "team.moved", "team", team.Id.ToString("n"), new { before = team.ParentId, after = parentId });
            team.ParentId = parentId;
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception exception) when (exception.IsConflict())
        {
            return Changed();
        }

        directory.Forget();
        return Result.Ok;
    }

    /// <summary>Closes a team that owns nothing any more: its memberships end today. What it spent stays its own.</summary>
    public async Task<Result> ArchiveAsync(Actor actor, Guid teamId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
            if (await db.Teams.SingleOrDefaultAsync(team => team.Id == teamId, cancellation) is not { } team) return NoSuchTeam();
            if (team.ArchivedAt is not null) return Result.Ok;
            if (await db.Teams.AnyAsync(below => below.ParentId == teamId && below.ArchivedAt == null, cancellation))
                return Refusal.Conflict($"There are teams below {team.Name}. Move or archive them first.");
            if (await db.Applications.AnyAsync(application => application.TeamId == teamId, cancellation))
                return Refusal.Conflict($"{team.Name} owns applications, whose spend would belong to nobody. Only a team without applications can be archived.");

            team.ArchivedAt = time.GetUtcNow();
            await EndMembershipsAsync(db, actor, teamId, cancellation);
            audit.Record(db, actor, "team.archived", "team", team.Id.ToString("n"), new { team.Name });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception exception) when (exception.IsConflict())
        {
            return Changed();
        }

        directory.Forget();
        return Result.Ok;
    }

    private async Task EndMembershipsAsync(GovernanceDbContext db, Actor actor, Guid teamId, CancellationToken cancellation)
    {
        var today = (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone.DayOf(time.GetUtcNow());
        foreach (var membership in await db.TeamMemberships.Where(row => row.TeamId == teamId && (row.To == null || row.To > today)).ToListAsync(cancellation))
        {
            if (membership.From > today) db.TeamMemberships.Remove(membership);
            else membership.To = today;
            if (membership.IsLead) await leads.EndAsync(db, actor, membership.PersonId, teamId, "The team was archived.", cancellation);
        }
    }

    private async Task<Result> SaveAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Invalid("Name", "There is a team of this name already. Choose another.");
        }

        directory.Forget();
        return Result.Ok;
    }

    private static async Task<Refusal?> CheckNameAsync(GovernanceDbContext db, Guid? except, string name, CancellationToken cancellation)
    {
        if (name.Length is 0 or > MaxNameLength) return Refusal.Invalid("Name", $"Give the team a name of 1 to {MaxNameLength} characters.");
        var taken = await db.Teams.AsNoTracking().FirstOrDefaultAsync(team => team.Name == name && team.Id != except, cancellation);
        return taken is null
            ? null
            : Refusal.Invalid("Name", $"There is a team called {name} already{(taken.ArchivedAt is null ? "" : ", an archived one")}. Choose another name.");
    }

    private static Refusal NoSuchTeam() => Refusal.NotFound("There is no such team.");

    private static Refusal NoSuchParent() => Refusal.Invalid("ParentId", "There is no such team, or it is archived. Choose another to put it below.");

    private static Refusal Changed() => Refusal.Conflict("Somebody else changed teams at this very moment. Try again.");
}
