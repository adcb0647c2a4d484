using Governance.Infrastructure.Identity;
using Governance.Web.Api;
using Governance.Web.Identity.Access;
using Governance.Web.Identity.External;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Governance.Web.Identity;

/// <summary>Cookies for people, bearer keys for machines, and the rule that everything needs one of them.</summary>
internal static class SignInServices
{
    /// <summary>The policy of the few pages that whoever must still set up a second factor may open.</summary>
    public const string AnySession = "any-session";

    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<SignInFlow>().AddScoped<SetupFlow>().AddScoped<PendingSignIn>().AddScoped<PasskeyCheck>();
        services.Configure<IdentityPasskeyOptions>(options => options.UserVerificationRequirement = "required");
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = TimeSpan.FromHours(1));
        services.AddScoped<IUserClaimsPrincipalFactory<Person>, GovernanceClaims>();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, RevalidatingPerson>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddExternalSignIn(configuration)
            .AddCookie(PendingSignIn.Scheme, cookie =>
            {
                cookie.Cookie.Name = "governance-pending";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.ExpireTimeSpan = PendingSignIn.Lifetime;
                cookie.SlidingExpiration = false;
            })
            .AddScheme<AuthenticationSchemeOptions, ApiBearer>(ApiBearer.Scheme, null)
            .AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(cookie =>
            {
                cookie.LoginPath = "/account/sign-in";
                cookie.AccessDeniedPath = "/account/access-denied";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.Cookie.Name = "governance";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;

                // The session itself has the limits; the cookie only must not outlive the longest.
                cookie.ExpireTimeSpan = TimeSpan.FromDays(7);
                cookie.SlidingExpiration = false;
                cookie.Events.OnValidatePrincipal = SessionCookie.ValidateAsync;
                cookie.Events.OnRedirectToAccessDenied = SessionCookie.RedirectToAccessDenied;
            }));
        services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicies>().AddSingleton<IAuthorizationHandler, PermissionHandler>();
        var signedIn = new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme)
            .RequireClaim(GovernanceClaims.Organization).AddRequirements(new PermissionRequirement(null)).Build();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(signedIn)
            .SetDefaultPolicy(signedIn)
            .AddPolicy(AnySession, policy => policy
                .AddAuthenticationSchemes(IdentityConstants.ApplicationScheme).RequireClaim(GovernanceClaims.Organization))
            .AddPolicy(ApiBearer.Policy, policy => policy
                .AddAuthenticationSchemes(ApiBearer.Scheme).RequireAuthenticatedUser());
        return services;
    }

    public static void MapSignOut(this WebApplication app) => app
        .MapPost("/account/sign-out", async Task<IResult> (HttpContext http, IAntiforgery antiforgery, SignInFlow flow) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
            await flow.SignOutAsync(http);
            return TypedResults.LocalRedirect("/account/sign-in");
        })
        .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
}
