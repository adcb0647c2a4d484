using System.Globalization;
using System.Net.Mime;
using System.Text.Json.Nodes;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>Somebody else's server, to which checkpoints are posted. The checkpoint is signed, so the post need not be.</summary>
internal sealed class WebhookAnchor(Uri url, AuditAnchorOptions options, WebhookClient client) : IAuditAnchor
{
    public AuditAnchorKind Kind => AuditAnchorKind.Webhook;

    public string Target { get; } = WebhookUrl.Shown(url);

    public string? Label => null;

    public TimeSpan Every => options.Every;

    public async Task<AnchorReply> DepositAsync(GovernanceDbContext db, AuditCheckpoint checkpoint, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["log"] = AuditLeaf.OriginOf(checkpoint.OrganizationId),
            ["size"] = checkpoint.Size,
            ["root"] = Convert.ToBase64String(checkpoint.Root),
            ["at"] = checkpoint.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["checkpoint"] = checkpoint.Note,
        };
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Idempotency-Key"] = string.Create(CultureInfo.InvariantCulture, $"{checkpoint.OrganizationId:n}-{checkpoint.Size}"),
        };
        var reply = await client.PostAsync(
            url, System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()), MediaTypeNames.Application.Json, headers, options.Timeout, cancellation);
        return reply.IsSuccess ? AnchorReply.Good : AnchorReply.Failed($"It answered with the status {reply.Status}.");
    }
}
