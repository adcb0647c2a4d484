namespace Governance.Web.Proxy;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Error, "Call {CallId} could not be recorded and was not made")]
    public static partial void NotOpened(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1102, LogLevel.Error, "Call {CallId} could not be checked and was refused")]
    public static partial void NotChecked(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1103, LogLevel.Warning, "Connection {Connection} could not be reached")]
    public static partial void ProviderUnreachable(ILogger logger, Exception exception, string connection);

    [LoggerMessage(1104, LogLevel.Error, "Call {CallId} failed in the proxy")]
    public static partial void Failed(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1105, LogLevel.Warning, "The answer to call {CallId} could not be kept in the response cache")]
    public static partial void NotKept(ILogger logger, Exception exception, Guid callId);
}
