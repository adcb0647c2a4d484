using System.Net;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Governance.Web.Telemetry;

/// <summary>Whoever reads metrics holds the permission, or calls from this very machine where the operator allows that.</summary>
internal sealed class MetricsReader : IAuthorizationRequirement
{
    public const string Policy = "metrics";

    /// <summary>Headers by which a proxy tells that the caller is somebody else, somewhere else.</summary>
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Original-For"];

    /// <summary>Whether the request came from this machine and through no proxy.</summary>
    public static bool IsFromLoopback(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Forwarding.Any(http.Request.Headers.ContainsKey);
}

internal sealed class MetricsReaderHandler(AccessControl access, IOptions<TelemetryOptions> options) : AuthorizationHandler<MetricsReader>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, MetricsReader requirement)
    {
        if (context.User.FindActor() is { } actor)
        {
            if (await access.MayAsync(actor, Permissions.MetricsRead, CancellationToken.None)) context.Succeed(requirement);
            return;
        }

        if (options.Value.Metrics.AllowAnonymousFromLoopback && context.Resource is HttpContext http && MetricsReader.IsFromLoopback(http)) context.Succeed(requirement);
    }
}
