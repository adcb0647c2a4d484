using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>Says who belongs to which team, from when until when, and who leads it.</summary>
public sealed class TeamMembershipService(
    GovernanceDatabase database, AccessControl access, AccessDirectory directory, TeamLeads leads, AuditTrail audit, TimeProvider time)
{
    /// <summary>A membership begins at most this long from today, in either direction: further away is a typing error.</summary>
    public const int MaxYears = 50;

    public async Task<Result<Guid>> AddAsync(Actor actor, NewMembership request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (!await db.Teams.AnyAsync(team => team.Id == request.TeamId, cancellation)) return Refusal.NotFound("There is no such team.") with { Field = nameof(request.TeamId) };
        var today = await TodayAsync(db, cancellation);
        if (await CheckAsync(db, request, today, cancellation) is { } refusal) return refusal;
        if (request.IsLead && await leads.CheckAsync(db, actor, request.PersonId, request.TeamId, cancellation) is { } refused) return refused;

        var membership = new TeamMembership
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            OrganizationId = actor.OrganizationId,
            TeamId = request.TeamId,
            PersonId = request.PersonId,
            From = request.From,
            To = request.To,
            IsLead = request.IsLead,
        };
        db.TeamMemberships.Add(membership);
        audit.Record(db, actor, "membership.created", "membership", membership.Id.ToString("n"),
            new { team = request.TeamId, person = request.PersonId, request.From, request.To, request.IsLead });
        if (request.IsLead) await leads.GrantAsync(db, actor, request.PersonId, request.TeamId, request.To, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        directory.Forget();
        return membership.Id;
    }

    /// <summary>Sets the last day of a membership. The lead, and the role with it, end at the end of that day.</summary>
    public async Task<Result> EndAsync(Actor actor, Guid membershipId, DateOnly lastDay, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.TeamMemberships.SingleOrDefaultAsync(row => row.Id == membershipId, cancellation) is not { } membership) return NoSuchMembership();
        var today = await TodayAsync(db, cancellation);
        if (membership.To < today) return Refusal.Conflict("This membership is over already.");
        if (lastDay < membership.From) return Refusal.Invalid("To", $"The last day cannot lie before the first, {Written(membership.From)}.");
        if (lastDay > today.AddYears(MaxYears)) return Refusal.Invalid("To", $"Choose a day within {MaxYears} years.");

        audit.Record(db, actor, "membership.ended", "membership", membership.Id.ToString("n"),
            new { team = membership.TeamId, person = membership.PersonId, before = membership.To, after = lastDay });
        membership.To = lastDay;
        if (membership.IsLead)
        {
            await leads.EndAsync(db, actor, membership.PersonId, membership.TeamId, "The membership ends.", cancellation);

            // The end of the old grant must be saved before the new one is looked for.
            await db.SaveChangesAsync(cancellation);
            if (lastDay >= today) await leads.GrantAsync(db, actor, membership.PersonId, membership.TeamId, lastDay, cancellation);
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    /// <summary>Makes a current member lead the team, or no longer; the role for the team comes and goes with it at once.</summary>
    public async Task<Result> SetLeadAsync(Actor actor, Guid membershipId, bool isLead, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.TeamsWrite, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.TeamMemberships.SingleOrDefaultAsync(row => row.Id == membershipId, cancellation) is not { } membership) return NoSuchMembership();
        if (!membership.IsCurrent(await TodayAsync(db, cancellation))) return Refusal.Conflict("Only who belongs to the team today can lead it.");
        if (membership.IsLead == isLead) return Result.Ok;
        if (isLead && await leads.CheckAsync(db, actor, membership.PersonId, membership.TeamId, cancellation) is { } refused) return refused;

        membership.IsLead = isLead;
        audit.Record(db, actor, isLead ? "membership.lead_set" : "membership.lead_ended", "membership", membership.Id.ToString("n"),
            new { team = membership.TeamId, person = membership.PersonId });
        if (isLead) await leads.GrantAsync(db, actor, membership.PersonId, membership.TeamId, membership.To, cancellation);
        else await leads.EndAsync(db, actor, membership.PersonId, membership.TeamId, "No longer leads the team.", cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    private static async Task<Refusal?> CheckAsync(GovernanceDbContext db, NewMembership request, DateOnly today, CancellationToken cancellation)
    {
        if (!await db.Teams.AnyAsync(team => team.Id == request.TeamId && team.ArchivedAt == null, cancellation))
            return Refusal.Invalid(nameof(request.TeamId), "There is no such team, or it is archived. Choose another.");
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.PersonId, cancellation) is not { } person)
            return Refusal.Invalid(nameof(request.PersonId), "Choose a person.");
        if (person.DisabledAt is not null)
            return Refusal.Invalid(nameof(request.PersonId), $"{person.DisplayName} is disabled. Enable them first.");
        if (request.From > today.AddYears(MaxYears) || request.From < today.AddYears(-MaxYears))
            return Refusal.Invalid(nameof(request.From), $"Choose a day within {MaxYears} years.");
        if (request.To < request.From) return Refusal.Invalid(nameof(request.To), "The last day cannot lie before the first.");
        if (request.To > today.AddYears(MaxYears)) return Refusal.Invalid(nameof(request.To), $"Choose a day within {MaxYears} years.");
        if (request.IsLead && (request.From > today || request.To < today))
            return Refusal.Invalid(nameof(request.IsLead), "Only who belongs to the team today can lead it. Make them lead once the membership has begun.");
        var overlaps = await db.TeamMemberships.AnyAsync(
            row => row.TeamId == request.TeamId && row.PersonId == request.PersonId
                && (row.To == null || row.To >= request.From) && (request.To == null || row.From <= request.To),
            cancellation);
        return overlaps
            ? Refusal.Invalid(nameof(request.PersonId), $"{person.DisplayName} belongs to this team in that time already. End that membership first.")
            : null;
    }

    private async Task<DateOnly> TodayAsync(GovernanceDbContext db, CancellationToken cancellation) =>
        (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone.DayOf(time.GetUtcNow());

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static Refusal NoSuchMembership() => Refusal.NotFound("There is no such membership.");
}
