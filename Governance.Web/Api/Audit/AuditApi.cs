using Governance.Domain.Identity;

namespace Governance.Web.Api.Audit;

/// <summary>The audit log below /api/v1/audit: to read, to follow, to verify, to export, and for other systems to write into.</summary>
internal static class AuditApi
{
    public static IServiceCollection AddAuditApi(this IServiceCollection services) => services.AddSingleton<AuditStreams>();

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit");
        audit.MapAuditLogs();
        audit.MapAuditIntake();
        audit.MapAuditExport();
        audit.MapAuditLogFiles();
        audit.MapAuditIntegrity();
        audit.MapGet("/events", AuditEventsApi.FollowAsync)
            .WithName("FollowAuditLog").WithSummary("Sends events as they get their place in the log, as server-sent events whose id is the index.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").RequireAuthorization(Permissions.AuditRead);
    }
}
