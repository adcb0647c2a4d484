using Governance.Domain.Identity.Passwords;
using Governance.Infrastructure.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>Has the framework's own changes of passwords follow the same policy as ours.</summary>
internal sealed class PasswordPolicyValidator(PasswordPolicy policy, GovernanceDatabase database) : IPasswordValidator<Person>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<Person> manager, Person user, string? password)
    {
        await using var db = database.ForOrganization(user.OrganizationId);
        var organization = await db.Organizations.Select(row => row.Name).SingleOrDefaultAsync();
        var secured = await db.Authenticators.AnyAsync(row => row.PersonId == user.Id && row.ConfirmedAt != null)
            || await db.UserPasskeys.AnyAsync(row => row.UserId == user.Id);
        var owner = new PasswordOwner(organization ?? "", user.DisplayName, user.Email ?? "", secured);
        return policy.Check(password ?? "", owner) is { } refusal
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = refusal.Message })
            : IdentityResult.Success;
    }
}
