using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>
/// Sets up, shows and removes second factors: a person their own, an administrator those of somebody who has lost them. Whoever changes them
/// has proved lately who they are.
/// </summary>
public sealed class SecondFactorService(
    GovernanceDatabase database, FactorSecrets secrets, AccessControl access, SessionService sessions, SessionDirectory sessionDirectory, AuditTrail audit,
    TimeProvider time)
{
    private const string Issuer = "Governance";

    /// <summary>A secret on a screen that somebody left should not become a second factor the next day.</summary>
    private static readonly TimeSpan EnrolmentTime = TimeSpan.FromMinutes(30);

    private static readonly Refusal NotYours = Refusal.Forbidden("Second factors are set up by the person themself.");
    private static readonly Refusal NoSuchPerson = Refusal.NotFound("There is no such person.");

    /// <summary>What a person has; they themself and whoever may change people see it.</summary>
    public async Task<Result<SecondFactorStatus>> StatusAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (!IsSelf(actor, personId) && await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } forbidden) return forbidden;

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Users.AnyAsync(person => person.Id == personId, cancellation)) return NoSuchPerson;
        return await StatusAsync(db, personId, cancellation);
    }

    /// <summary>Makes a secret. The authenticator in use, if any, stays so until the new one is confirmed.</summary>
    public async Task<Result<AuthenticatorEnrolment>> BeginAuthenticatorAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (!IsSelf(actor, personId)) return NotYours;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var email = await db.Users.Where(person => person.Id == personId).Select(person => person.Email).SingleOrDefaultAsync(cancellation);
        if (email is null) return NoSuchPerson;

        var secret = FactorSecrets.NewAuthenticatorSecret();
        var until = time.GetUtcNow() + EnrolmentTime;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await EnsureRowAsync(db, actor.OrganizationId, personId, cancellation);
        var wrapped = secrets.Wrap(personId, secret);
        await db.Authenticators.Where(row => row.PersonId == personId).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.PendingSecret, wrapped)
            .SetProperty(row => row.PendingUntil, until), cancellation);
        await SaveAsync(db, transaction, actor, personId, "authenticator.begun", null, cancellation);

        return Enrolment(secret, email, until);
    }

    /// <summary>The enrolment that the person has begun and not confirmed; none if there is none, or it has expired.</summary>
    public async Task<AuthenticatorEnrolment?> PendingAuthenticatorAsync(Actor actor, CancellationToken cancellation)
    {
        if (actor is not { Kind: ActorKind.Person, Id: { } personId }) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var email = await db.Users.Where(person => person.Id == personId).Select(person => person.Email).SingleOrDefaultAsync(cancellation);
        var row = await db.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.PersonId == personId, cancellation);
        return email is not null && row is { PendingSecret: { } pending, PendingUntil: { } until } && until > time.GetUtcNow()
            ? Enrolment(secrets.Unwrap(personId, pending), email, until)
            : null;
    }

    /// <summary>Puts the new authenticator into use, if the code is its. A session that waited for a second factor opens.</summary>
    /// <returns>The recovery codes, which cannot be shown again. Earlier ones are void.</returns>
    public async Task<Result<IReadOnlyList<string>>> ConfirmAuthenticatorAsync(Actor actor, Guid personId, string code, CancellationToken cancellation)
    {
        if (!IsSelf(actor, personId)) return NotYours;

        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var row = await db.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.PersonId == personId, cancellation);
        if (row?.PendingSecret is not { } pending || row.PendingUntil <= now) return Refusal.Conflict("The set-up has expired. Begin it again.");
        if (Totp.FindStep(secrets.Unwrap(personId, pending), code, now) is not { } step)
            return Refusal.Invalid("Code", "This code does not fit. Check that the clock of your device is right, and enter the code it shows now.");

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var confirmed = await db.Authenticators
            .Where(other => other.PersonId == personId && other.PendingSecret == pending)
            .ExecuteUpdateAsync(set => set
                .SetProperty(other => other.Secret, pending)
                .SetProperty(other => other.ConfirmedAt, now)
                .SetProperty(other => other.LastStep, step)
                .SetProperty(other => other.PendingSecret, (byte[]?)null)
                .SetProperty(other => other.PendingUntil, (DateTimeOffset?)null), cancellation);
        if (confirmed == 0) return Refusal.Conflict("The set-up was begun again or finished elsewhere meanwhile.");

        var codes = await ReplaceRecoveryCodesAsync(db, actor.OrganizationId, personId, cancellation);
        await SaveAsync(db, transaction, actor, personId, "authenticator.confirmed", new { replaced = row.Secret is not null }, cancellation);
        await sessions.EnrolledAsync(actor, cancellation);
        return Result(codes);
    }

    /// <summary>Makes a new set of recovery codes; the old ones are void.</summary>
    public async Task<Result<IReadOnlyList<string>>> RegenerateRecoveryCodesAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (!IsSelf(actor, personId)) return NotYours;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Users.AnyAsync(person => person.Id == personId, cancellation)) return NoSuchPerson;
        if (!(await StatusAsync(db, personId, cancellation)).HasAny) return Refusal.Conflict("Set up an authenticator app or a passkey first.");

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await EnsureRowAsync(db, actor.OrganizationId, personId, cancellation);
        var codes = await ReplaceRecoveryCodesAsync(db, actor.OrganizationId, personId, cancellation);
        await SaveAsync(db, transaction, actor, personId, "recovery_codes.regenerated", null, cancellation);
        return Result(codes);
    }

    /// <summary>Removes the person's own authenticator; with their last factor go the recovery codes.</summary>
    public async Task<Result> RemoveAuthenticatorAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (!IsSelf(actor, personId)) return NotYours;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;

        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var status = await StatusAsync(db, personId, cancellation);
        if (!status.HasAuthenticator) return Domain.Result.Ok;

        await db.Authenticators.Where(row => row.PersonId == personId).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Secret, (byte[]?)null)
            .SetProperty(row => row.ConfirmedAt, (DateTimeOffset?)null)
            .SetProperty(row => row.LastStep, (long?)null), cancellation);
        if (status.Passkeys == 0) await db.RecoveryCodes.Where(code => code.PersonId == personId).ExecuteDeleteAsync(cancellation);
        await SaveAsync(db, transaction, actor, personId, "authenticator.removed", null, cancellation);
        return Domain.Result.Ok;
    }

    /// <summary>Removes every second factor of somebody who has lost them, authenticator, recovery codes and passkeys, and ends their sessions.</summary>
    public async Task<Result> ResetAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } forbidden) return forbidden;
        if (IsSelf(actor, personId)) return Refusal.Forbidden("Your own second factors are reset by another administrator; or remove them one by one.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Users.AnyAsync(person => person.Id == personId, cancellation)) return NoSuchPerson;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var status = await StatusAsync(db, personId, cancellation);
        await db.Authenticators.Where(row => row.PersonId == personId).ExecuteDeleteAsync(cancellation);
        await db.RecoveryCodes.Where(code => code.PersonId == personId).ExecuteDeleteAsync(cancellation);
        await db.UserPasskeys.Where(passkey => passkey.UserId == personId).ExecuteDeleteAsync(cancellation);
        await sessions.EndAllAsync(db, actor, personId, except: null, SessionEnd.CredentialsChanged, cancellation);
        await SaveAsync(db, transaction, actor, personId, "second_factor.reset", new { status.HasAuthenticator, status.Passkeys }, cancellation);
        sessionDirectory.Forget();
        return Domain.Result.Ok;
    }

    private static AuthenticatorEnrolment Enrolment(byte[] secret, string email, DateTimeOffset until)
    {
        var uri = Totp.Uri(secret, Issuer, email);
        return new AuthenticatorEnrolment(Base32.Group(Base32.Encode(secret), ' '), uri, QrCode.Of(uri), until);
    }

    private static bool IsSelf(Actor actor, Guid personId) => actor.Kind == ActorKind.Person && actor.Id == personId;

    private static Result<IReadOnlyList<string>> Result(IReadOnlyList<string> codes) => new(codes, null);

    private static async Task<SecondFactorStatus> StatusAsync(GovernanceDbContext db, Guid personId, CancellationToken cancellation)
    {
        var row = await db.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.PersonId == personId, cancellation);
        return new SecondFactorStatus(
            row?.Secret is not null,
            row?.ConfirmedAt,
            await db.RecoveryCodes.CountAsync(code => code.PersonId == personId && code.UsedAt == null, cancellation),
            row?.RecoveryCodesAt,
            await db.UserPasskeys.CountAsync(passkey => passkey.UserId == personId, cancellation));
    }

    /// <summary>A row to update: of two that make it at once, one does and the other finds it.</summary>
    private static Task<int> EnsureRowAsync(GovernanceDbContext db, Guid organizationId, Guid personId, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "Authenticators" ("PersonId", "OrganizationId") VALUES ({personId}, {organizationId}) ON CONFLICT DO NOTHING""", cancellation);

    /// <summary>The row is written first: of two that replace the codes at once, one waits for the other and sees its codes.</summary>
    private async Task<IReadOnlyList<string>> ReplaceRecoveryCodesAsync(
        GovernanceDbContext db, Guid organizationId, Guid personId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await db.Authenticators.Where(row => row.PersonId == personId)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RecoveryCodesAt, now), cancellation);
        await db.RecoveryCodes.Where(code => code.PersonId == personId).ExecuteDeleteAsync(cancellation);
        var codes = FactorSecrets.NewRecoveryCodes();
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            PersonId = personId,
            Hash = secrets.HashRecoveryCode(personId, code),
            CreatedAt = now,
        }));
        return codes;
    }

    private async Task SaveAsync(
        GovernanceDbContext db, IDbContextTransaction transaction, Actor actor, Guid personId, string action, object? details, CancellationToken cancellation)
    {
        audit.Record(db, actor, action, "person", personId.ToString("n"), details);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
