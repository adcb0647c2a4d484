using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>The rules that hold for every credential, whoever it is made for. What did not change is not judged again.</summary>
internal static class CredentialRules
{
    public static Refusal? CheckName(string name) => string.IsNullOrWhiteSpace(name) || name.Trim().Length > Credential.MaxNameLength
        ? Refusal.Invalid("Name", $"Give it a name of 1 to {Credential.MaxNameLength} characters.")
        : null;

    public static Refusal? CheckExpiry(DateTimeOffset? expiresAt, DateTimeOffset? before, DateTimeOffset now) => expiresAt <= now && expiresAt != before
        ? Refusal.Invalid("ExpiresAt", "It would have expired already. Choose a later day, or revoke it.")
        : null;

    /// <summary>To whom a new credential belongs: whoever is named, or else the person who makes it.</summary>
    public static Guid? OwnerOf(Guid? named, Actor actor) => named ?? (actor.Kind == ActorKind.Person ? actor.Id : null);

    /// <summary>An owner is an enabled person of the organisation. A credential can change hands, but not end up with nobody.</summary>
    public static async Task<Refusal?> CheckOwnerAsync(GovernanceDbContext db, Guid? ownerId, Guid? before, CancellationToken cancellation)
    {
        if (ownerId == before) return null;
        if (ownerId is null) return Refusal.Invalid("OwnerId", "Somebody must answer for it. Hand it over to somebody else instead.");
        return await db.Users.AnyAsync(person => person.Id == ownerId && person.DisabledAt == null, cancellation)
            ? null
            : Refusal.Invalid("OwnerId", "The owner must be a person of this organisation who is not disabled.");
    }
}
