using System.Security.Claims;
using Microsoft.AspNetCore.RateLimiting;

namespace Governance.Web.Security;

/// <summary>
/// Applies the part of a named limit that is about the caller. It comes after authorisation, when the key is known, and after
/// the limit by address, so that nobody can use up another person's attempts faster than their address allows.
/// </summary>
internal sealed class CallerLimiting(RequestDelegate next, CallerLimits limits, ILogger<CallerLimiting> logger)
{
    /// <summary>What the forms of sign-in and reset call the person.</summary>
    private const string PersonField = "Input.Email";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } policy
            && await CallerAsync(http, policy) is { } caller
            && limits.Take(policy, caller) is { } wait)
        {
            Log.TooMany(logger, http.Request.Path, policy, "per caller");
            await TooManyRequests.RefuseAsync(http, wait);
            return;
        }

        await next(http);
    }

    private static async Task<string?> CallerAsync(HttpContext http, string policy) => policy switch
    {
        RateLimits.Api => http.User.FindFirstValue(ClaimTypes.NameIdentifier),
        RateLimits.SignIn or RateLimits.PasswordReset when HttpMethods.IsPost(http.Request.Method) =>
            await NamedAsync(http.Request) ?? http.User.FindFirstValue(ClaimTypes.NameIdentifier),
        _ => null,
    };

    /// <summary>The person whom a form names: who signs in is not known otherwise.</summary>
    private static async Task<string?> NamedAsync(HttpRequest request) =>
        request.HasFormContentType && (await request.ReadFormAsync(request.HttpContext.RequestAborted))[PersonField].ToString() is { Length: > 0 } person ? person : null;
}
