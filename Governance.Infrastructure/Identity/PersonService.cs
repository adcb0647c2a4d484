using System.Security.Cryptography;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Identity.Passwords;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity;

/// <summary>What a new person starts with.</summary>
/// <param name="DisplayName">As they are called on every page.</param>
/// <param name="Email">With which they sign in.</param>
/// <param name="Password">With which they sign in.</param>
/// <param name="Role">A role for the scope.</param>
/// <param name="Scope">The whole organisation if not said.</param>
public sealed record NewPerson(string DisplayName, string Email, string Password, string Role, AccessScope Scope = default);

/// <summary>Creates people with a password, for set-up and the operator's commands. Everybody else is invited.</summary>
public sealed class PersonService(
    GovernanceDatabase database, UserManager<Person> users, PasswordPolicy policy, PasswordHashing hashing, AuditTrail audit,
    TimeProvider time)
{
    public async Task<Result<Person>> CreateAsync(Actor actor, NewPerson request, CancellationToken cancellation)
    {
        if (actor.Kind != ActorKind.System) return Refusal.Forbidden("People are invited, so that they choose their own password. Invite them instead.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        var organizationName = await db.Organizations.Select(organization => organization.Name).SingleAsync(cancellation);
        if (await CheckAsync(request, organizationName) is { } refusal) return refusal;

        var person = ToPerson(request, actor.OrganizationId);
        var hashed = await hashing.HashAsync(person, request.Password, cancellation);
        if (!hashed.Succeeded) return hashed.Refusal;
        person.PasswordHash = hashed.Value;

        db.Users.Add(person);
        db.RoleGrants.Add(new RoleGrant
        {
            Id = Guid.CreateVersion7(person.CreatedAt),
            OrganizationId = actor.OrganizationId,
            PersonId = person.Id,
            Role = request.Role,
            ScopeKind = request.Scope.Kind,
            ScopeId = request.Scope.Id,
            Reason = "Came with the account.",
            GrantedAt = person.CreatedAt,
            GrantedBy = actor.Id,
        });
        audit.Record(db, actor, "person.created", "person", person.Id.ToString("n"), new { request.Role });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return person;
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody with this mail address was added at this very moment.");
        }
    }

    /// <summary>What is wrong with a new person of an organisation, if anything; nothing is saved.</summary>
    public async Task<Refusal?> CheckAsync(NewPerson request, string organizationName)
    {
        if (string.IsNullOrWhiteSpace(request.DisplayName)) return Refusal.Invalid(nameof(request.DisplayName), "Give the person's name.");
        if (!Roles.All.Contains(request.Role))
            return Refusal.Invalid(nameof(request.Role), $"The role must be one of {string.Join(", ", Roles.All)}.");

        // The framework's own rules: a valid, unused address.
        var person = ToPerson(request, Guid.Empty);
        foreach (var validator in users.UserValidators)
        {
            var result = await validator.ValidateAsync(users, person);
            if (!result.Succeeded) return Refusal.Invalid(nameof(request.Email), result.Errors.First().Description);
        }

        return policy.Check(request.Password, new PasswordOwner(organizationName, request.DisplayName, request.Email, HasSecondFactor: false));
    }

    /// <summary>A person as they start, without a password; not saved.</summary>
    internal static Person Draft(UserManager<Person> users, string displayName, string email, Guid organizationId, DateTimeOffset now)
    {
        email = email.Trim();
        return new Person
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            DisplayName = displayName.Trim(),
            UserName = email,
            NormalizedUserName = users.NormalizeName(email),
            Email = email,
            NormalizedEmail = users.NormalizeEmail(email),
            EmailConfirmed = true,
            LockoutEnabled = true,
            SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20)),
            CreatedAt = now,
        };
    }

    private Person ToPerson(NewPerson request, Guid organizationId) =>
        Draft(users, request.DisplayName, request.Email, organizationId, time.GetUtcNow());
}
