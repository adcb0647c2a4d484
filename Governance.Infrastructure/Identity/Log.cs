using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Identity;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "A password was not checked: more than {QueueLength} others wait, or it waited for {QueueTimeout}")]
    public static partial void HashingBusy(ILogger logger, int queueLength, TimeSpan queueTimeout);
}
