using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Approvals;

internal static partial class Log
{
    [LoggerMessage(2301, LogLevel.Warning, "A mail about approval {Approval} could not be queued: {Reason}")]
    public static partial void MailRefused(ILogger logger, string approval, string reason);
}
