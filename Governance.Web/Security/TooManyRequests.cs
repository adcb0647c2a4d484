using System.Globalization;
using System.Threading.RateLimiting;
using Governance.Web.Api;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Governance.Web.Security;

/// <summary>Answers 429 with Retry-After: to machines as a problem, to people on the page whose form they sent.</summary>
internal static class TooManyRequests
{
    private static readonly object Key = new();

    /// <summary>How long until the limit that refused gives again.</summary>
    public static TimeSpan WaitOf(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);

    /// <summary>How long this request's sender has to wait; none if the request was not refused.</summary>
    public static TimeSpan? Wait(this HttpContext http) => http.Items[Key] as TimeSpan?;

    public static Task RefuseAsync(HttpContext http, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (ApiEndpoints.IsApi(http)) return ApiProblems.TooManyRequests(seconds).ExecuteAsync(http);

        // RefusedForms shows the page. Anything else would be done by a second pass, not shown.
        if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
            return http.Response.WriteAsync($"Too many attempts. Try again in {seconds} s.", http.RequestAborted);
        http.Items[Key] = TimeSpan.FromSeconds(seconds);
        return Task.CompletedTask;
    }
}
