using Governance.Domain.Proxy;
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

    [LoggerMessage(1004, LogLevel.Information,
        "Call {RequestId} to {Provider} {Model}: {Outcome}, status {Status}, {DurationMs} ms, {InputTokens} tokens in, {OutputTokens} out, {CostNanoUsd} nano-dollars")]
    public static partial void CallBooked(
        ILogger logger, string requestId, string provider, string model, CallOutcome outcome, int? status, int durationMs, long inputTokens, long outputTokens,
        long costNanoUsd);

    [LoggerMessage(1005, LogLevel.Warning, "Limits could not be exchanged with other processes; this one keeps to the shares it has")]
    public static partial void LimitsNotExchanged(ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "What this process had set aside of budgets could not be given back; it stays held, and is in suspense once the process has ended")]
    public static partial void LeasesNotGivenBack(ILogger logger, Exception exception);

    [LoggerMessage(1007, LogLevel.Error, "The outcome of call {CallId} is booked, but metrics and pages were not told")]
    public static partial void OutcomeNotTold(ILogger logger, Exception exception, Guid callId);

    [LoggerMessage(1008, LogLevel.Critical, "The outcome of call {CallId} could be neither booked nor written to the spill file; the call is charged its ceiling once its process has ended")]
    public static partial void OutcomeLost(ILogger logger, Exception exception, Guid callId);
}
