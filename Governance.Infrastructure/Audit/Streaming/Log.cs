using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Streaming;

internal static partial class Log
{
    [LoggerMessage(2760, LogLevel.Error, "Events could not be delivered to receiver {WebhookId}; it is tried again.")]
    public static partial void DeliveryFailed(ILogger logger, Exception exception, Guid webhookId);

    [LoggerMessage(2761, LogLevel.Warning, "A mail about receiver {WebhookId} cannot be sent: {Reason}")]
    public static partial void AlertNotSent(ILogger logger, Guid webhookId, string reason);
}
