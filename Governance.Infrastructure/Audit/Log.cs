using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit;

internal static partial class Log
{
    [LoggerMessage(2700, LogLevel.Error, "The audit log of organisation {OrganizationId} could not be sequenced; it is tried again.")]
    public static partial void SequencingFailed(ILogger logger, Exception exception, Guid organizationId);

    [LoggerMessage(2702, LogLevel.Critical, "The audit log of organisation {OrganizationId} is not in order: {Problem}")]
    public static partial void CheckFailed(ILogger logger, Guid organizationId, string problem);

    [LoggerMessage(2701, LogLevel.Error, "The audit log of organisation {OrganizationId} is signed with a newer key than this process has; restart it, or put back the newer key.")]
    public static partial void KeySuperseded(ILogger logger, Guid organizationId);

    [LoggerMessage(2703, LogLevel.Error, "An export of the audit log of organisation {OrganizationId} could not be written to its file.")]
    public static partial void ExportFailed(ILogger logger, Exception exception, Guid organizationId);
}
