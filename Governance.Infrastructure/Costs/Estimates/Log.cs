using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Costs.Estimates;

internal static partial class Log
{
    [LoggerMessage(1051, LogLevel.Warning, "The calibration of organisation {OrganizationId} could not be read; tokens are estimated without it")]
    public static partial void CalibrationNotRead(ILogger logger, Exception exception, Guid organizationId);
}
