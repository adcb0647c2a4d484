using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Privacy;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Error, "The content of call {CallId} could not be stored and is not kept")]
    public static partial void ContentNotStored(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1202, LogLevel.Warning, "Too much content waits to be stored; that of call {CallId} is not kept")]
    public static partial void ContentNotTaken(ILogger logger, Guid callId);

    [LoggerMessage(1203, LogLevel.Error, "Whether the content of call {CallId} is to be kept could not be found out; it is not")]
    public static partial void ContentMissed(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1204, LogLevel.Information, "{Count} captured prompts and completions had reached their end and were deleted")]
    public static partial void ContentExpired(ILogger logger, int count);
}
