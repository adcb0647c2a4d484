using Governance.Infrastructure.Identity.Passwords;

namespace Governance.Web.Identity;

internal static class RequestOrigin
{
    /// <summary>Where a request comes from, for the audit trail.</summary>
    public static SignInOrigin Origin(this HttpContext http) =>
        new(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString());
}
