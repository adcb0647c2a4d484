using System.Security.Claims;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.AspNetCore.Identity;

namespace Governance.Web.Identity;

/// <summary>
/// Signs people in and out. A first factor (password or external sign-in) leads to the second, if the person has one; only then a session
/// begins. A passkey is both at once.
/// </summary>
internal sealed class SignInFlow(
    SignInManager<Person> signIn, PasswordSignIn passwords, SecondFactorCheck codes, SecondFactorPolicy policy, PasskeyCheck passkeys, PendingSignIn pending,
    SignInThrottle throttle, SessionService sessions, GovernanceDatabase database, AuditTrail audit)
{
    public const string TwoStepPath = "/account/two-step";
    public const string EnrolPath = "/account/second-factor";

    /// <summary>The first step with a password.</summary>
    public async Task<SignInStep> SignInAsync(string email, string password, string? returnUrl, HttpContext http)
    {
        var check = await passwords.CheckAsync(email, password, http.Origin(), http.RequestAborted);
        return check.Succeeded
            ? await ContinueAsync(check.Value, SignInMethod.Password, provesBoth: false, returnUrl, http)
            : SignInStep.Stop(check.Refusal.Message);
    }

    /// <summary>The first step for somebody whom an external provider has recognised.</summary>
    /// <param name="person">Who.</param>
    /// <param name="provesBoth">Whether the provider asked for a second factor itself.</param>
    /// <param name="returnUrl">Where they wanted to go.</param>
    /// <param name="http">The request.</param>
    public async Task<SignInStep> ExternalAsync(Person person, bool provesBoth, string? returnUrl, HttpContext http)
    {
        if (person.DisabledAt is null) return await ContinueAsync(person, SignInMethod.External, provesBoth, returnUrl, http);
        await RecordDisabledAsync(http, person);
        return SignInStep.Stop("There is no account for you here.");
    }

    /// <summary>The second step with a code of the authenticator app, or with a recovery code.</summary>
    public async Task<SignInStep> TwoStepAsync(string code, bool isRecoveryCode, string? returnUrl, HttpContext http)
    {
        if (await pending.ReadAsync(http) is not { } person) return SignInStep.To("/account/sign-in");
        var actor = ActorOf(person, http);
        var result = isRecoveryCode
            ? await codes.UseRecoveryCodeAsync(actor, person.Id, code, http.RequestAborted)
            : await codes.VerifyCodeAsync(actor, person.Id, code, http.RequestAborted);
        if (!result.Succeeded) return SignInStep.Stop(result.Refusal.Message);
        await PendingSignIn.EndAsync(http);
        return await StartAsync(person, isRecoveryCode ? SignInMethod.PasswordAndRecoveryCode : SignInMethod.PasswordAndCode, returnUrl, http);
    }

    /// <summary>A passkey, as the only step or as the second one.</summary>
    public async Task<SignInStep> PasskeyAsync(string credential, string? returnUrl, HttpContext http)
    {
        var first = await pending.ReadAsync(http);
        var person = await passkeys.CheckAsync(credential, first, http);
        if (!person.Succeeded) return SignInStep.Stop(person.Refusal.Message);
        await PendingSignIn.EndAsync(http);
        return await throttle.RecordSuccessAsync(person.Value.OrganizationId, person.Value.Id)
            ? await StartAsync(person.Value, SignInMethod.Passkey, returnUrl, http)
            : SignInStep.Stop(SignInThrottle.TooMany.Message);
    }

    /// <summary>Proves again who it is, with whatever the person has, before a sensitive change.</summary>
    public async Task<Result> ProveAsync(Actor actor, string? password, string? code, string? credential, HttpContext http)
    {
        var person = await signIn.UserManager.FindByIdAsync(actor.Id!.Value.ToString());
        if (person is null) return Refusal.NotFound("There is no such person.");
        var result = credential is { Length: > 0 } ? ToResult(await passkeys.CheckAsync(credential, person, http))
            : code is { Length: > 0 } ? await codes.VerifyCodeAsync(actor, person.Id, code, http.RequestAborted)
            : await ProvePasswordAsync(person, password ?? "", http);
        if (result.Succeeded) await sessions.ProveAsync(actor, http.RequestAborted);
        return result;
    }

    public async Task SignOutAsync(HttpContext http)
    {
        if (http.User.FindActor() is { SessionId: { } session }) await sessions.EndAsync(http.User.ToActor(http), session, http.RequestAborted);
        await signIn.SignOutAsync();
    }

    private async Task<SignInStep> ContinueAsync(Person person, SignInMethod method, bool provesBoth, string? returnUrl, HttpContext http)
    {
        // A first factor alone must never be enough for somebody who has set up more.
        if (!provesBoth && (await policy.OfAsync(person.OrganizationId, person.Id, http.RequestAborted)).Any)
        {
            await PendingSignIn.BeginAsync(person, http);
            return SignInStep.To(WithReturn(TwoStepPath, returnUrl));
        }

        if (!await throttle.RecordSuccessAsync(person.OrganizationId, person.Id)) return SignInStep.Stop(PasswordSignIn.Refused.Message);
        var mustEnrol = !provesBoth && await policy.NeedsAsync(person.OrganizationId, person.Id, http.RequestAborted);
        return await StartAsync(person, method, mustEnrol ? null : returnUrl, http, mustEnrol);
    }

    /// <summary>Starts a session of its own, ends the one that the browser brought, and gives the browser the cookie that names the new one.</summary>
    private async Task<SignInStep> StartAsync(Person person, SignInMethod method, string? returnUrl, HttpContext http, bool mustEnrol = false)
    {
        if (http.User.FindActor() is { SessionId: { } before }) await sessions.EndAsync(http.User.ToActor(http), before, http.RequestAborted);
        var (address, agent) = http.Origin();
        var session = await sessions.StartAsync(person, method, mustEnrol, address, agent, http.RequestAborted);
        await signIn.SignInWithClaimsAsync(person, isPersistent: false, [new Claim(GovernanceClaims.Session, session.Id.ToString())]);
        return SignInStep.To(mustEnrol ? EnrolPath : LocalUrl.OrHome(returnUrl));
    }

    private async Task<Result> ProvePasswordAsync(Person person, string password, HttpContext http)
    {
        if ((await policy.OfAsync(person.OrganizationId, person.Id, http.RequestAborted)).Any)
            return Refusal.Invalid("Code", "Use your second factor: the password alone does not prove enough.");
        var check = await passwords.CheckAsync(person.Email!, password, http.Origin(), http.RequestAborted);
        if (!check.Succeeded) return Refusal.Invalid("Password", "This is not your password, or the account is locked for a while.");
        await throttle.RecordSuccessAsync(person.OrganizationId, person.Id);
        return Result.Ok;
    }

    private async Task RecordDisabledAsync(HttpContext http, Person person)
    {
        await using var db = database.ForOrganization(person.OrganizationId);
        audit.Record(db, ActorOf(person, http), "sign_in.failed", "person", person.Id.ToString("n"), outcome: AuditOutcome.Failure, reason: "disabled");
        await db.SaveChangesAsync();
    }

    private static Result ToResult(Result<Person> result) => result.Refusal is { } refusal ? refusal : Result.Ok;

    private static Actor ActorOf(Person person, HttpContext http) =>
        new(ActorKind.Person, person.Id, person.OrganizationId, null, null, http.Origin().IpAddress, http.Origin().UserAgent);

    private static string WithReturn(string path, string? returnUrl) =>
        LocalUrl.OrHome(returnUrl) is var local && local == "/" ? path : $"{path}?returnUrl={Uri.EscapeDataString(local)}";
}

/// <summary>Where a step of a sign-in led: to an error that is shown, or on to another page.</summary>
/// <param name="Error">What to tell the person.</param>
/// <param name="Next">Where to send the browser.</param>
public sealed record SignInStep(string? Error, string? Next)
{
    public static SignInStep Stop(string error) => new(error, null);

    public static SignInStep To(string next) => new(null, next);
}
