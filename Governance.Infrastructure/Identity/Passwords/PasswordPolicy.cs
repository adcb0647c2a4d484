using Governance.Domain;
using Governance.Domain.Identity.Passwords;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>Whether a password may be chosen: the rules, the common ones, and the breach list if there is one.</summary>
public sealed class PasswordPolicy(IOptions<PasswordsOptions> options)
{
    private readonly BreachList? _breaches = string.IsNullOrWhiteSpace(options.Value.BreachList) ? null : new BreachList(options.Value.BreachList);

    /// <summary>What is wrong with a password and what to do about it; none if it is good.</summary>
    public Refusal? Check(string password, PasswordOwner owner)
    {
        if (PasswordRules.Check(password, owner, CommonPasswords.Contains) is { } refusal) return refusal;
        return _breaches?.Contains(PasswordText.Normalize(password)!) == true
            ? Refusal.Invalid("Password", "This password is known from a data breach, here or elsewhere. Choose another one, and change it wherever else you use it.")
            : null;
    }
}
