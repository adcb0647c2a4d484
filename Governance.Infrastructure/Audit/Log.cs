using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit;

internal static partial class Log
{
    [LoggerMessage(2700, LogLevel.Error, "The audit log of organisation {OrganizationId} could not be sequenced; it is tried again.")]
    public static partial void SequencingFailed(ILogger logger, Exception exception, Guid organizationId);
}
