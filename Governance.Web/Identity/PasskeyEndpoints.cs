using Governance.Infrastructure.Identity;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace Governance.Web.Identity;

/// <summary>Gives browsers the challenges that passkeys sign. What they sign comes back with the form of a page.</summary>
internal static class PasskeyEndpoints
{
    public static void MapPasskeys(this WebApplication app)
    {
        var passkeys = app.MapGroup("/account/passkeys").DisableAntiforgery().ExcludeFromDescription();
        passkeys.MapPost("/request-options", RequestOptionsAsync).AllowAnonymous();
        passkeys.MapPost("/creation-options", CreationOptionsAsync).RequireAuthorization(SignInServices.AnySession);
    }

    /// <summary>For a sign-in: of whoever has passed the first step or is signed in; else of anybody, because the browser knows whose passkeys it has.</summary>
    private static async Task<IResult> RequestOptionsAsync(
        HttpContext http, IAntiforgery antiforgery, SignInManager<Person> signIn, UserManager<Person> users, PendingSignIn pending)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        var person = await pending.ReadAsync(http) ?? await users.GetUserAsync(http.User);
        return TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(person), "application/json");
    }

    private static async Task<IResult> CreationOptionsAsync(HttpContext http, IAntiforgery antiforgery, SignInManager<Person> signIn, UserManager<Person> users)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        if (await users.GetUserAsync(http.User) is not { } person) return TypedResults.Unauthorized();
        var entity = new PasskeyUserEntity { Id = person.Id.ToString(), Name = person.Email!, DisplayName = person.DisplayName };
        return TypedResults.Content(await signIn.MakePasskeyCreationOptionsAsync(entity), "application/json");
    }
}
