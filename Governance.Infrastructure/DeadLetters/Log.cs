using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.DeadLetters;

internal static partial class Log
{
    [LoggerMessage(2051, LogLevel.Warning, "The alarm about the work queue of organisation {OrganizationId} could not be mailed to somebody: {Reason}")]
    public static partial void AlarmNotSent(ILogger logger, Guid organizationId, string reason);
}
