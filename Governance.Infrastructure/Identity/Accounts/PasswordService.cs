using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Microsoft.AspNetCore.Identity;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>Changes a person's own password: with the current one, or with the link of a mail.</summary>
public sealed class PasswordService(UserManager<Person> users, PasswordSignIn passwords, CredentialChange change)
{
    private static readonly Refusal UsedUp =
        Refusal.Conflict("This link does not work: it was used, replaced by a newer one, or it has expired. Ask for a new one.");

    /// <summary>Changes it for somebody who is signed in and knows the current one. Guesses count as failed sign-ins.</summary>
    public async Task<Result> ChangeAsync(Actor actor, string current, string password, CancellationToken cancellation)
    {
        var person = await users.FindByIdAsync(actor.Id!.Value.ToString());
        if (person is null) return Refusal.NotFound("There is no such person.");
        var check = await passwords.CheckAsync(person.Email!, current, new SignInOrigin(actor.IpAddress, actor.UserAgent), cancellation);
        if (!check.Succeeded)
            return check.Refusal.Kind == RefusalKind.Forbidden ? Refusal.Invalid("Current", "This is not your current password, or the account is locked for a while.") : check.Refusal;
        return await change.SetPasswordAsync(users, actor, check.Value, password, "password.changed", cancellation);
    }

    /// <summary>Whether a reset link still works.</summary>
    public async Task<bool> IsOpenAsync(Guid personId, string? token)
    {
        var person = await users.FindByIdAsync(personId.ToString());
        return person is { DisabledAt: null } && await IsValidAsync(person, token);
    }

    /// <summary>Changes it for whoever holds the link of a mail. Second factors stay.</summary>
    public async Task<Result> ResetAsync(Guid personId, string? token, string password, SignInOrigin origin, CancellationToken cancellation)
    {
        var person = await users.FindByIdAsync(personId.ToString());
        if (person is not { DisabledAt: null } || !await IsValidAsync(person, token)) return UsedUp;
        var actor = new Actor(ActorKind.Person, person.Id, person.OrganizationId, null, null, origin.IpAddress, origin.UserAgent);
        return await change.SetPasswordAsync(users, actor, person, password, "password.reset", cancellation);
    }

    private async Task<bool> IsValidAsync(Person person, string? token) =>
        token is { Length: > 0 and < 2000 }
        && await users.VerifyUserTokenAsync(person, users.Options.Tokens.PasswordResetTokenProvider, UserManager<Person>.ResetPasswordTokenPurpose, token);
}
