using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Infrastructure.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>Makes people of invitations. Whoever holds the link acts; nobody is signed in yet.</summary>
public sealed class InvitationAcceptance(
    GovernanceDatabase database, AccessDirectory directory, PasswordHashing hashing, AuditTrail audit, TimeProvider time, IServiceScopeFactory scopes)
{
    internal async Task<OpenInvitation?> FindAsync(string? token, CancellationToken cancellation)
    {
        if (await FindRowAsync(token, cancellation) is not { } invitation) return null;
        await using var db = database.ForOrganization(invitation.OrganizationId);
        var organization = await db.Organizations.Select(row => row.Name).SingleAsync(cancellation);
        return new OpenInvitation(invitation.Id, organization, invitation.DisplayName, invitation.Email, invitation.ExpiresAt);
    }

    internal async Task<Result<Person>> AcceptAsync(string? token, InvitationAnswer answer, CancellationToken cancellation)
    {
        if (await FindRowAsync(token, cancellation) is not { } invitation) return Gone();
        var drafted = await DraftAsync(invitation, answer);
        if (!drafted.Succeeded) return drafted;

        var (person, now) = (drafted.Value, drafted.Value.CreatedAt);
        await using var db = database.ForOrganization(invitation.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);

        // Single use: of several who come at once, one changes the row.
        var taken = await db.Invitations
            .Where(row => row.Id == invitation.Id && row.TokenHash == invitation.TokenHash && row.AcceptedAt == null && row.WithdrawnAt == null && row.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.AcceptedAt, now), cancellation);
        if (taken == 0) return Gone();

        db.Users.Add(person);
        if (invitation.Role is { } role) db.RoleGrants.Add(GrantOf(invitation, role, person));
        if (await MembershipOfAsync(db, invitation, person, cancellation) is { } membership) db.TeamMemberships.Add(membership);
        var actor = new Actor(ActorKind.Person, person.Id, invitation.OrganizationId, null, null, answer.IpAddress, answer.UserAgent);
        audit.Record(db, actor, "invitation.accepted", "invitation", invitation.Id.ToString("n"), new { person = person.Id });
        audit.Record(db, actor, "person.created", "person", person.Id.ToString("n"),
            new { invitation.Role, invitation.ScopeKind, invitation.ScopeId, invitation.TeamId });
        try
        {
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody with this mail address was added at this very moment.");
        }

        directory.Forget();
        return person;
    }

    private async Task<Invitation?> FindRowAsync(string? token, CancellationToken cancellation)
    {
        if (!InvitationToken.HasShape(token)) return null;
        var (hash, now) = (InvitationToken.Hash(token!), time.GetUtcNow());
        await using var db = database.AcrossOrganizations();
        return await db.Invitations.AsNoTracking().SingleOrDefaultAsync(
            row => row.TokenHash == hash && row.AcceptedAt == null && row.WithdrawnAt == null && row.ExpiresAt > now, cancellation);
    }

    /// <summary>The person as they would be saved, if their name, address and password keep to the rules.</summary>
    private async Task<Result<Person>> DraftAsync(Invitation invitation, InvitationAnswer answer)
    {
        if (string.IsNullOrWhiteSpace(answer.DisplayName) || answer.DisplayName.Trim().Length > InvitationRules.MaxNameLength)
            return Refusal.Invalid(nameof(answer.DisplayName), $"Give your name in 1 to {InvitationRules.MaxNameLength} characters.");

        // The framework's rules live as long as a request; whoever accepts may come from elsewhere.
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var person = PersonService.Draft(users, answer.DisplayName, invitation.Email, invitation.OrganizationId, time.GetUtcNow());
        foreach (var validator in users.UserValidators)
        {
            var result = await validator.ValidateAsync(users, person);
            if (!result.Succeeded) return Refusal.Conflict(result.Errors.First().Description);
        }

        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, person, answer.Password);
            if (!result.Succeeded) return Refusal.Invalid(nameof(answer.Password), result.Errors.First().Description);
        }

        var hash = await hashing.HashAsync(person, answer.Password, CancellationToken.None);
        if (!hash.Succeeded) return hash.Refusal;
        person.PasswordHash = hash.Value;
        return person;
    }

    private static RoleGrant GrantOf(Invitation invitation, string role, Person person) => new()
    {
        Id = Guid.CreateVersion7(person.CreatedAt),
        OrganizationId = invitation.OrganizationId,
        PersonId = person.Id,
        Role = role,
        ScopeKind = invitation.ScopeKind,
        ScopeId = invitation.ScopeId,
        Reason = "Came with the invitation.",
        GrantedAt = person.CreatedAt,
        GrantedBy = invitation.CreatedBy,
    };

    /// <summary>None if the invitation names no team, or the team was archived meanwhile.</summary>
    private static async Task<TeamMembership?> MembershipOfAsync(
        GovernanceDbContext db, Invitation invitation, Person person, CancellationToken cancellation)
    {
        if (!await db.Teams.AnyAsync(team => team.Id == invitation.TeamId && team.ArchivedAt == null, cancellation)) return null;
        var organization = await db.Organizations.AsNoTracking().SingleAsync(cancellation);
        return new TeamMembership
        {
            Id = Guid.CreateVersion7(person.CreatedAt),
            OrganizationId = invitation.OrganizationId,
            TeamId = invitation.TeamId!.Value,
            PersonId = person.Id,
            IsLead = invitation.Role == Roles.TeamLead && invitation.Scope == AccessScope.Team(invitation.TeamId.Value),
            From = organization.Zone.DayOf(person.CreatedAt),
        };
    }

    private static Refusal Gone() =>
        Refusal.NotFound("This invitation does not work: it was used, withdrawn or sent again, or it has expired. Ask for a new one.");
}
