using System.Security.Claims;
using Governance.Infrastructure.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Governance.Web.Identity;

/// <summary>Remembers, in a cookie of five minutes, who has passed the first step of a sign-in. It opens nothing but the second step.</summary>
internal sealed class PendingSignIn(UserManager<Person> users)
{
    public const string Scheme = "pending-sign-in";

    private const string Stamp = "stamp";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static Task BeginAsync(Person person, HttpContext http)
    {
        Claim[] claims = [new(ClaimTypes.NameIdentifier, person.Id.ToString()), new(Stamp, person.SecurityStamp ?? "")];
        return http.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme)));
    }

    /// <summary>Who has passed the first step; none if nobody, or their credentials were changed since.</summary>
    public async Task<Person?> ReadAsync(HttpContext http)
    {
        if (await http.AuthenticateAsync(Scheme) is not { Succeeded: true, Principal: { } principal }) return null;
        var person = await users.FindByIdAsync(principal.FindFirstValue(ClaimTypes.NameIdentifier)!);
        return person is { DisabledAt: null } && principal.HasClaim(Stamp, person.SecurityStamp ?? "") ? person : null;
    }

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(Scheme);
}
