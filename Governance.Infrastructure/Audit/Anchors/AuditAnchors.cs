using Governance.Domain.Audit;
using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>The anchors that are configured.</summary>
public sealed class AuditAnchors(IOptions<AuditAnchorOptions> options, WebhookClient client, MailQueue mail, TimeProvider time)
{
    private readonly Lazy<IReadOnlyList<IAuditAnchor>> _all = new(() => [.. Of(options.Value, client, mail, time)]);

    internal IReadOnlyList<IAuditAnchor> All => _all.Value;

    private static IEnumerable<IAuditAnchor> Of(AuditAnchorOptions options, WebhookClient client, MailQueue mail, TimeProvider time)
    {
        if (!string.IsNullOrWhiteSpace(options.Folder)) yield return new FolderAnchor(options.Folder, options.Every);
        foreach (var url in options.Webhooks) yield return new WebhookAnchor(WebhookUrl.Parse(url)!, options, client);
        if (options.Mail.Count > 0) yield return new MailAnchor(options, mail);
        foreach (var witness in options.Witnesses)
            yield return new WitnessAnchor(WebhookUrl.Parse(witness.Url)!, WitnessKey.Parse(witness.VerifierKey!)!, options, client, time);
    }
}
