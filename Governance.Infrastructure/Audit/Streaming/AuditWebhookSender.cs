using System.Net.Mime;
using System.Security.Cryptography;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>Posts a signed message to a receiver. The message's id follows from what is in it and whose it is, so that the same is the same.</summary>
public sealed class AuditWebhookSender(WebhookClient client, MasterKey master, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <returns>Why it failed; none if the receiver has it.</returns>
    internal async Task<string?> SendAsync(AuditWebhook webhook, byte[] body, CancellationToken cancellation)
    {
        try
        {
            var url = WebhookUrl.Parse(webhook.Url) ?? throw new InvalidOperationException("Nothing may be sent to this address.");
            var id = "msg_" + Convert.ToHexStringLower(SHA256.HashData([.. webhook.Id.ToByteArray(bigEndian: true), .. body]).AsSpan(0, 16));
            var headers = WebhookSecret.Unwrap(webhook.WrappedSecret, master).HeadersOf(id, time.GetUtcNow(), body);
            var reply = await client.PostAsync(url, body, MediaTypeNames.Application.Json, headers, Timeout, cancellation);
            return reply.IsSuccess ? null : $"It answered with the status {reply.Status}.";
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return exception.Message.Length <= AuditWebhookConfiguration.MaxError ? exception.Message : exception.Message[..AuditWebhookConfiguration.MaxError];
        }
    }
}
