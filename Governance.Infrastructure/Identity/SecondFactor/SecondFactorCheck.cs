using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>
/// Checks second factors, at sign-in and before sensitive changes. A code works once, even if it comes twice at the same moment. Failures
/// count together with wrong passwords; a success ends the count.
/// </summary>
public sealed class SecondFactorCheck(
    GovernanceDatabase database, FactorSecrets secrets, SignInThrottle throttle, AuditTrail audit, TimeProvider time)
{
    private static readonly Refusal WrongCode = Refusal.Invalid("Code", "This code is wrong or was used already. Wait for the next one and enter that.");
    private static readonly Refusal WrongRecoveryCode = Refusal.Invalid("Code", "This is none of your recovery codes, or one that was used already.");

    /// <summary>Whether a person's sign-in needs a code besides the password.</summary>
    public async Task<bool> NeedsCodeAsync(Guid organizationId, Guid personId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        return await db.Authenticators.AnyAsync(row => row.PersonId == personId && row.Secret != null, cancellation);
    }

    /// <summary>Checks a code of the authenticator app.</summary>
    public Task<Result> VerifyCodeAsync(Actor actor, Guid personId, string code, CancellationToken cancellation) =>
        CheckAsync(actor, personId, "authenticator", WrongCode, db => AcceptStepAsync(db, personId, code), cancellation);

    /// <summary>Uses up a recovery code.</summary>
    public Task<Result> UseRecoveryCodeAsync(Actor actor, Guid personId, string code, CancellationToken cancellation) =>
        CheckAsync(actor, personId, "recovery_code", WrongRecoveryCode, db => UseUpAsync(db, personId, code), cancellation);

    private async Task<Result> CheckAsync(
        Actor actor, Guid personId, string method, Refusal wrong, Func<GovernanceDbContext, Task<bool>> accept, CancellationToken cancellation)
    {
        if (actor.Kind != ActorKind.Person || actor.Id != personId) return Refusal.Forbidden("A second factor is given by the person themself.");
        if ((await throttle.LockOfAsync(actor.OrganizationId, personId, cancellation)).IsLocked) return await RefuseAsync(actor, personId, method, SignInThrottle.TooMany);

        // From here on nothing is cancellable: whoever hangs up after a wrong guess has still made it.
        if (!await AcceptAsync(actor, personId, method, accept)) return await RefuseAsync(actor, personId, method, wrong);
        return await throttle.RecordSuccessAsync(actor.OrganizationId, personId) ? Result.Ok : SignInThrottle.TooMany;
    }

    private async Task<bool> AcceptAsync(Actor actor, Guid personId, string method, Func<GovernanceDbContext, Task<bool>> accept)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (!await accept(db)) return false;

        audit.Record(db, actor, "second_factor.accepted", "person", personId.ToString("n"), new { method });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return true;
    }

    private async Task<Result> RefuseAsync(Actor actor, Guid personId, string method, Refusal refusal)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var locked = refusal.Kind == RefusalKind.TooMany;
        if (!locked) await throttle.RecordFailureAsync(db, actor.OrganizationId, personId);
        audit.Record(db, actor, "second_factor.refused", "person", personId.ToString("n"),
            new { method }, AuditOutcome.Failure, locked ? "locked_out" : "wrong_or_used");
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return refusal;
    }

    /// <summary>One statement compares and sets the last step: of two that use a code at once, the database lets one through.</summary>
    private async Task<bool> AcceptStepAsync(GovernanceDbContext db, Guid personId, string code)
    {
        var wrapped = await db.Authenticators.Where(row => row.PersonId == personId).Select(row => row.Secret).SingleOrDefaultAsync();
        if (wrapped is null || Totp.FindStep(secrets.Unwrap(personId, wrapped), code, time.GetUtcNow()) is not { } step) return false;
        return await db.Authenticators
            .Where(row => row.PersonId == personId && row.Secret == wrapped && (row.LastStep == null || row.LastStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastStep, step)) == 1;
    }

    private async Task<bool> UseUpAsync(GovernanceDbContext db, Guid personId, string code)
    {
        var (hash, now) = (secrets.HashRecoveryCode(personId, code), time.GetUtcNow());
        return await db.RecoveryCodes
            .Where(row => row.PersonId == personId && row.Hash == hash && row.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.UsedAt, now)) == 1;
    }
}
