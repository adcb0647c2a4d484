using System.Security.Cryptography;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.External;

/// <summary>Finds, or makes, the person behind an external sign-in, and brings their roles into line with their groups.</summary>
public sealed class ExternalPeople(
    GovernanceDatabase database, OperatingOrganization operating, AccessDirectory directory, ILookupNormalizer normalizer, AuditTrail audit, TimeProvider time,
    IOptions<ExternalSignInOptions> options)
{
    private static readonly Refusal NotConfigured = Refusal.Invalid("Provider", "This sign-in is not set up completely. Tell your administrator.");

    /// <summary>Known by the provider's subject, or else by the verified address, or else made if the configuration says so.</summary>
    public async Task<Result<Person>> ResolveAsync(ExternalIdentity identity, CancellationToken cancellation)
    {
        if (!options.Value.Providers.TryGetValue(identity.Provider, out var provider)) return NotConfigured;
        if (await OrganizationOfAsync(provider, cancellation) is not { } organizationId) return NotConfigured;

        await using var db = database.ForOrganization(organizationId);
        var person = await FindAsync(db, identity, cancellation);
        if (person is null)
        {
            if (identity.Email is null || !identity.EmailVerified)
                return Refusal.Invalid("Email", $"{provider.DisplayName} did not confirm your mail address, so no account can be found for it.");
            var email = normalizer.NormalizeEmail(identity.Email);
            person = await db.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == email, cancellation);
            if (person is null && !provider.CreatePeople)
                return Refusal.NotFound("There is no account for this mail address. Ask an administrator to invite you.");
            if (person is null) db.Users.Add(person = NewPerson(identity, organizationId));
            db.UserLogins.Add(new IdentityUserLogin<Guid>
            {
                LoginProvider = identity.Provider,
                ProviderKey = identity.Subject,
                ProviderDisplayName = provider.DisplayName,
                UserId = person.Id,
            });
            audit.Record(db, Actor.System(organizationId), "external_login.linked", "person", person.Id.ToString("n"), new { identity.Provider });
        }

        await FollowGroupsAsync(db, person, provider, identity, cancellation);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("This account was changed at this very moment. Sign in again.");
        }

        directory.Forget();
        return person;
    }

    private static async Task<Person?> FindAsync(GovernanceDbContext db, ExternalIdentity identity, CancellationToken cancellation) => await (
        from login in db.UserLogins
        join person in db.Users on login.UserId equals person.Id
        where login.LoginProvider == identity.Provider && login.ProviderKey == identity.Subject
        select person).SingleOrDefaultAsync(cancellation);

    /// <summary>Grants what the groups give, ends what they no longer give, and touches nothing that was granted otherwise.</summary>
    private async Task FollowGroupsAsync(
        GovernanceDbContext db, Person person, ExternalProvider provider, ExternalIdentity identity, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var active = await db.RoleGrants
            .Where(grant => grant.PersonId == person.Id && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now)).ToListAsync(cancellation);
        var catalog = new RoleCatalog((await db.CustomRoles.AsNoTracking().Where(role => role.ArchivedAt == null).ToListAsync(cancellation)).Select(role => role.ToDefinition()));
        var mapped = identity.Groups.Select(group => provider.GroupRoles.GetValueOrDefault(group)).OfType<string>()
            .Where(role => catalog.Find(role) is not null).ToHashSet(StringComparer.Ordinal);
        var others = active.Where(grant => grant.Source != GrantSource.ExternalGroup).Select(grant => grant.Role);
        var actor = Actor.System(person.OrganizationId);
        if (SegregationOfDuties.Conflicts(catalog, [.. mapped.Union(others)]).FirstOrDefault(conflict => conflict.Forbidden) is { } conflict)
        {
            audit.Record(db, actor, "external_groups.refused", "person", person.Id.ToString("n"), new { identity.Provider, roles = mapped, conflict.Message }, AuditOutcome.Denied);
            mapped.Clear();
        }

        var held = active.Where(grant => grant.Source == GrantSource.ExternalGroup).ToList();
        foreach (var grant in held.Where(grant => !mapped.Contains(grant.Role)))
        {
            grant.RevokedAt = now;
            audit.Record(db, actor, "grant.revoked", "grant", grant.Id.ToString("n"), new { person = person.Id, grant.Role, reason = "Left the mapped group.", identity.Provider });
        }

        foreach (var role in mapped.Except(held.Select(grant => grant.Role)))
        {
            var grant = new RoleGrant
            {
                Id = Guid.CreateVersion7(now),
                OrganizationId = person.OrganizationId,
                PersonId = person.Id,
                Role = role,
                Source = GrantSource.ExternalGroup,
                Reason = $"Belongs to a group of {provider.DisplayName} that is mapped to it.",
                GrantedAt = now,
            };
            db.RoleGrants.Add(grant);
            audit.Record(db, actor, "grant.created", "grant", grant.Id.ToString("n"), new { person = person.Id, grant.Role, identity.Provider });
        }
    }

    private Person NewPerson(ExternalIdentity identity, Guid organizationId)
    {
        var now = time.GetUtcNow();
        var email = identity.Email!.Trim();
        return new Person
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            DisplayName = string.IsNullOrWhiteSpace(identity.Name) ? email : identity.Name.Trim() is { Length: > 200 } name ? name[..200] : identity.Name.Trim(),
            UserName = email,
            NormalizedUserName = normalizer.NormalizeName(email),
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            EmailConfirmed = true,
            LockoutEnabled = true,
            SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20)),
            CreatedAt = now,
        };
    }

    private async Task<Guid?> OrganizationOfAsync(ExternalProvider provider, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(provider.Organization)) return (await operating.FindAsync(cancellation))?.Id;
        await using var db = database.AcrossOrganizations();
        var id = Guid.TryParse(provider.Organization, out var parsed) ? parsed : Guid.Empty;
        var found = await db.Organizations.Where(row => row.Id == id || row.Name == provider.Organization).Select(row => row.Id).Take(2).ToListAsync(cancellation);
        return found.Count == 1 ? found[0] : null;
    }
}
