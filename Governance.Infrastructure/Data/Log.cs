using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Data;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Applying {Count} migrations to {Provider}")]
    public static partial void Migrating(ILogger logger, int count, DatabaseProvider provider);

    [LoggerMessage(3002, LogLevel.Information, "The database was backed up to {Path}")]
    public static partial void BackedUp(ILogger logger, string path);

    [LoggerMessage(3003, LogLevel.Information, "The partitions of {Month:yyyy-MM} were added")]
    public static partial void PartitionsAdded(ILogger logger, DateOnly month);

    [LoggerMessage(3004, LogLevel.Information, "The partitions of {Month:yyyy-MM} wait, because their tables are in use; it is tried again")]
    public static partial void PartitionsWait(ILogger logger, DateOnly month);

    [LoggerMessage(3005, LogLevel.Warning,
        "{Month:yyyy-MM} has no partitions, and the running role may not add them: set ConnectionStrings:Owner, or have the owner call governance_add_month. Until then the default partitions take its calls")]
    public static partial void PartitionsNeedOwner(ILogger logger, DateOnly month);
}
