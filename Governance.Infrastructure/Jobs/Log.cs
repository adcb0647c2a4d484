using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Jobs;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Error, "Job {Job} failed; it is tried again at its next interval")]
    public static partial void JobFailed(ILogger logger, Exception exception, string job);

    [LoggerMessage(2002, LogLevel.Warning, "Work {Kind} {WorkItemId} failed at attempt {Attempt}; it is {State} now")]
    public static partial void WorkFailed(ILogger logger, Exception exception, string kind, Guid workItemId, int attempt, WorkState state);

    [LoggerMessage(2003, LogLevel.Information, "{Count} items of the spill file were moved into the work queue")]
    public static partial void SpillReplayed(ILogger logger, int count);

    [LoggerMessage(2004, LogLevel.Error, "A line of the spill file cannot be read and was passed over")]
    public static partial void SpillLineUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Warning, "Job {Job} lost its lease and was ended; whichever process has the lease runs it")]
    public static partial void LeaseLost(ILogger logger, Exception? exception, string job);

    [LoggerMessage(2006, LogLevel.Warning, "The lease of job {Job} could not be renewed; it is tried again until the lease is over")]
    public static partial void LeaseNotRenewed(ILogger logger, Exception exception, string job);

    [LoggerMessage(2007, LogLevel.Warning, "Work {Kind} {WorkItemId} took longer than its lock; whichever worker has it now decides its outcome")]
    public static partial void WorkLockLost(ILogger logger, Exception? exception, string kind, Guid workItemId);
}
