using Governance.Domain.Proxy.Resilience;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Proxy.Resilience;

internal static partial class Log
{
    [LoggerMessage(1010, LogLevel.Warning, "The breaker of connection {Connection} went from {From} to {To}: {Reason} Open until {OpenUntil}")]
    public static partial void BreakerChanged(ILogger logger, string connection, BreakerState from, BreakerState to, string reason, DateTimeOffset? openUntil);

    [LoggerMessage(1011, LogLevel.Information, "The breaker of connection {Connection} became {To}, as process {Process} saw it")]
    public static partial void BreakerFollowed(ILogger logger, string connection, BreakerState to, Guid process);
}
