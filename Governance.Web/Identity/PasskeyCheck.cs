using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Microsoft.AspNetCore.Identity;

namespace Governance.Web.Identity;

/// <summary>Checks what a browser signed with a passkey against the challenge that it was given.</summary>
internal sealed class PasskeyCheck(SignInManager<Person> signIn, UserManager<Person> users, GovernanceDatabase database, AuditTrail audit)
{
    private const int LongestCredential = 20_000;
    private static readonly Refusal Refused = Refusal.Invalid("Passkey", "The passkey was not accepted. Try again, or sign in another way.");

    /// <param name="credential">The browser's answer, as JSON.</param>
    /// <param name="expected">Whose passkey it must be; none if anybody's will do.</param>
    /// <param name="http">The request, which carries the challenge in a cookie.</param>
    public async Task<Result<Person>> CheckAsync(string credential, Person? expected, HttpContext http)
    {
        if (credential.Length is 0 or > LongestCredential) return Refused;
        PasskeyAssertionResult<Person> result;
        try
        {
            result = await signIn.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return Refused; // No challenge was given to this browser, or it has expired.
        }

        if (!result.Succeeded || (expected is not null && result.User.Id != expected.Id) || result.User.DisabledAt is not null || !result.User.EmailConfirmed)
        {
            await RecordAsync(http, result.User ?? expected);
            return Refused;
        }

        // The counter that a cloned authenticator would give away.
        await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
        return result.User;
    }

    private async Task RecordAsync(HttpContext http, Person? person)
    {
        if (person is null) return;
        var actor = new Actor(ActorKind.Person, person.Id, person.OrganizationId, null, null, http.Origin().IpAddress, http.Origin().UserAgent);
        await using var db = database.ForOrganization(person.OrganizationId);
        audit.Record(db, actor, "sign_in.failed", "person", person.Id.ToString("n"), new { method = "passkey" }, AuditOutcome.Failure);
        await db.SaveChangesAsync();
    }
}
