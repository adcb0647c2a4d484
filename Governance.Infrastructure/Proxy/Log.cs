using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Proxy;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "Call {CallId} could not be booked; its outcome waits in the spill file")]
    public static partial void SettleSpilled(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1002, LogLevel.Error, "The refusal of call {CallId} could not be recorded")]
    public static partial void RefusalNotRecorded(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} calls of processes that died were closed as interrupted")]
    public static partial void InterruptedCallsClosed(ILogger logger, int count);
}
