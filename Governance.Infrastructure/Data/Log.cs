using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Data;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Applying {Count} migrations to {Provider}")]
    public static partial void Migrating(ILogger logger, int count, DatabaseProvider provider);

    [LoggerMessage(3002, LogLevel.Information, "The database was backed up to {Path}")]
    public static partial void BackedUp(ILogger logger, string path);
}
