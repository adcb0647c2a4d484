using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using Governance.Infrastructure.Identity.External;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Governance.Web.Identity.External;

/// <summary>
/// Sign-in at OpenID Connect providers by the authorization code flow with PKCE. Who it is comes from the provider's user-info
/// endpoint, asked directly with the token that the code gave.
/// </summary>
internal static class ExternalSignIn
{
    private const int MaxUserInfoBytes = 256 * 1024;
    private const string EmailVerified = "email_verified";
    private const string Group = "group";

    public static AuthenticationBuilder AddExternalSignIn(this AuthenticationBuilder authentication, IConfiguration configuration)
    {
        var options = configuration.GetSection(ExternalSignInOptions.Section).Get<ExternalSignInOptions>() ?? new ExternalSignInOptions();
        foreach (var (id, provider) in options.Providers)
            authentication.AddOAuth(Scheme(id), provider.DisplayName, oauth => Configure(oauth, id, provider));
        return authentication;
    }

    public static void MapExternalSignIn(this WebApplication app)
    {
        var external = app.MapGroup("/account/external").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        external.MapPost("/{provider}", ChallengeAsync);
        external.MapGet("/return", ReturnAsync);
    }

    private static string Scheme(string provider) => "external-" + provider;

    private static void Configure(OAuthOptions oauth, string id, ExternalProvider provider)
    {
        oauth.SignInScheme = IdentityConstants.ExternalScheme;
        oauth.AuthorizationEndpoint = provider.AuthorizationEndpoint;
        oauth.TokenEndpoint = provider.TokenEndpoint;
        oauth.UserInformationEndpoint = provider.UserInfoEndpoint;
        oauth.ClientId = provider.ClientId;
        oauth.ClientSecret = provider.ClientSecret;
        oauth.CallbackPath = $"/account/external/{id}/callback";
        oauth.UsePkce = true;
        oauth.SaveTokens = false;
        oauth.BackchannelTimeout = TimeSpan.FromSeconds(15);
        oauth.Scope.Clear();
        foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) oauth.Scope.Add(scope);
        oauth.Events.OnCreatingTicket = context => ReadUserInfoAsync(context, provider);
        oauth.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.Redirect("/account/sign-in?external=failed");
            return Task.CompletedTask;
        };
    }

    private static async Task ReadUserInfoAsync(OAuthCreatingTicketContext context, ExternalProvider provider)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await context.Backchannel.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.HttpContext.RequestAborted);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MaxUserInfoBytes, context.HttpContext.RequestAborted);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(context.HttpContext.RequestAborted));
        var user = document.RootElement;
        if (Text(user, "sub") is not { Length: > 0 and <= 255 } subject) throw new AuthenticationFailureException("The provider told no subject.");

        var identity = context.Identity!;
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject));
        if (Text(user, "email") is { Length: > 0 and <= 256 } email) identity.AddClaim(new Claim(ClaimTypes.Email, email));
        if (Text(user, "name") is { Length: > 0 } name) identity.AddClaim(new Claim(ClaimTypes.Name, name));
        if (user.TryGetProperty(EmailVerified, out var verified) && verified.ValueKind == JsonValueKind.True) identity.AddClaim(new Claim(EmailVerified, "true"));
        if (user.TryGetProperty(provider.GroupClaim, out var groups) && groups.ValueKind == JsonValueKind.Array)
        {
            // Only groups that mean something here go into the cookie, which has to stay small.
            foreach (var group in groups.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!))
            {
                if (provider.GroupRoles.ContainsKey(group)) identity.AddClaim(new Claim(Group, group));
            }
        }
    }

    private static async Task<IResult> ChallengeAsync(
        string provider, HttpContext http, IAntiforgery antiforgery, IOptions<ExternalSignInOptions> options)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        if (!options.Value.Providers.ContainsKey(provider)) return TypedResults.NotFound();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var properties = new AuthenticationProperties { RedirectUri = "/account/external/return" };
        properties.Items["provider"] = provider;
        properties.Items["returnUrl"] = LocalUrl.OrHome(form["returnUrl"]);
        return TypedResults.Challenge(properties, [Scheme(provider)]);
    }

    private static async Task<IResult> ReturnAsync(HttpContext http, ExternalPeople people, SignInFlow flow, IOptions<ExternalSignInOptions> options)
    {
        var ticket = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        if (!ticket.Succeeded || ticket.Properties.Items.TryGetValue("provider", out var provider) is false || provider is null)
            return TypedResults.LocalRedirect("/account/sign-in?external=failed");

        var user = ticket.Principal;
        var identity = new ExternalIdentity(
            provider,
            user.FindFirstValue(ClaimTypes.NameIdentifier)!,
            user.FindFirstValue(ClaimTypes.Email),
            user.HasClaim(EmailVerified, "true"),
            user.FindFirstValue(ClaimTypes.Name),
            [.. user.FindAll(Group).Select(claim => claim.Value)]);
        var person = await people.ResolveAsync(identity, http.RequestAborted);
        if (!person.Succeeded) return TypedResults.LocalRedirect("/account/sign-in?external=" + (person.Refusal.Kind == Domain.RefusalKind.NotFound ? "unknown" : "refused"));
        var step = await flow.ExternalAsync(person.Value, options.Value.Providers[provider].HasSecondFactor, ticket.Properties.Items["returnUrl"], http);
        return TypedResults.LocalRedirect(step.Next ?? "/account/sign-in?external=unknown");
    }

    private static string? Text(JsonElement user, string name) =>
        user.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
