using Governance.Infrastructure.Identity.External;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

/// <summary>What stands between the network and the pages, whoever is signed in.</summary>
internal static class WebSecurity
{
    public static IServiceCollection AddWebSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SecurityOptions>().Bind(configuration.GetSection(SecurityOptions.Section))
            .PostConfigure<IOptions<ExternalSignInOptions>>(LetFormsLeadToProviders).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TrustedProxyOptions>().Bind(configuration.GetSection(TrustedProxyOptions.Section)).ValidateOnStart();
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SecurityOptions>, SecurityOptionsValidator>();
        services.AddSingleton<IValidateOptions<TrustedProxyOptions>, TrustedProxyOptionsValidator>();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();

        services.AddExceptionHandler<RefusedRequests>();
        services.AddHttpContextAccessor();
        services.AddSingleton<CookieNames>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(provider => provider.GetRequiredService<CookieNames>());
        services.AddSingleton<IPostConfigureOptions<AntiforgeryOptions>>(provider => provider.GetRequiredService<CookieNames>());
        services.AddSingleton<IPostConfigureOptions<ForwardedHeadersOptions>, TrustedProxies>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelBounds>();
        services.AddOptions<HstsOptions>().Configure<IOptions<SecurityOptions>>((hsts, security) =>
            (hsts.MaxAge, hsts.IncludeSubDomains) = (security.Value.HstsMaxAge, security.Value.HstsIncludeSubDomains));
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, AddressLimits>();
        services.AddSingleton<CallerLimits>();
        return services.AddSafeCompression();
    }

    /// <summary>To be called first: what follows sees the true caller, and even its errors carry the headers.</summary>
    public static void UseWebSecurity(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseHsts();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<OriginCheck>();
        app.UseSafeCompression();
    }

    /// <summary>To be called after authentication and before authorisation, which looks keys up: limits by address come before that.</summary>
    public static void UseAddressLimits(this WebApplication app)
    {
        app.UseMiddleware<RefusedForms>();
        app.UseRateLimiter();
    }

    /// <summary>To be called after authorisation, when the caller is known.</summary>
    public static void UseCallerLimits(this WebApplication app) => app.UseMiddleware<CallerLimiting>();

    private static void LetFormsLeadToProviders(SecurityOptions security, IOptions<ExternalSignInOptions> external)
    {
        foreach (var provider in external.Value.Providers.Values)
        {
            if (Uri.TryCreate(provider.AuthorizationEndpoint, UriKind.Absolute, out var endpoint))
                security.FormActionOrigins.Add(endpoint.GetLeftPart(UriPartial.Authority));
        }
    }
}
