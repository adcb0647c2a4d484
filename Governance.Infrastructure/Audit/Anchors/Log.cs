using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Anchors;

internal static partial class Log
{
    [LoggerMessage(2750, LogLevel.Warning, "The audit log of organisation {OrganizationId} could not be deposited ({Kind}); it is tried again: {Error}")]
    public static partial void DepositFailed(ILogger logger, AuditAnchorKind kind, Guid organizationId, string error);

    [LoggerMessage(2751, LogLevel.Error, "How a deposit ({Kind}) of the audit log of organisation {OrganizationId} went could not be recorded; it is tried again.")]
    public static partial void DepositNotKept(ILogger logger, Exception exception, AuditAnchorKind kind, Guid organizationId);

    [LoggerMessage(2752, LogLevel.Warning, "A mail about the deposits of the audit log of organisation {OrganizationId} cannot be sent: {Reason}")]
    public static partial void AlertNotSent(ILogger logger, Guid organizationId, string reason);
}
