using Governance.Infrastructure.Identity.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Governance.Web.Identity;

/// <summary>Holds a cookie against its session at every request: one that was ended, or ran out, signs nobody in.</summary>
internal static class SessionCookie
{
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<SessionDirectory>();
        if (context.Principal?.SessionId() is { } id && await sessions.FindAsync(id, active: true, context.HttpContext.RequestAborted) is not null) return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    /// <summary>Whoever must set up a second factor first is sent to where they can.</summary>
    public static async Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<SessionDirectory>();
        var session = context.HttpContext.User.SessionId() is { } id
            ? await sessions.FindAsync(id, active: false, context.HttpContext.RequestAborted)
            : null;
        context.Response.Redirect(session?.MustEnrol is true ? "/account/second-factor" : context.RedirectUri);
    }
}
