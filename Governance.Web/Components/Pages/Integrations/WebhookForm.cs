using Governance.Domain.Audit;
using Governance.Infrastructure.Audit.Streaming;

namespace Governance.Web.Components.Pages.Integrations;

/// <summary>A receiver as it is typed in.</summary>
internal sealed class WebhookForm
{
    public string Name { get; set; } = "";

    public string Url { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public AuditSeverity MinimumSeverity { get; set; }

    /// <summary>The names of the categories that are ticked; none means all.</summary>
    public HashSet<string> Categories { get; } = new(StringComparer.Ordinal);

    public static WebhookForm Of(AuditWebhookDraft draft)
    {
        var form = new WebhookForm { Name = draft.Name, Url = draft.Url, Enabled = draft.Enabled, MinimumSeverity = draft.MinimumSeverity };
        form.Categories.UnionWith(draft.Categories.Select(AuditLeaf.NameOf));
        return form;
    }

    public AuditWebhookDraft ToDraft() =>
        new(Name, Url, Enabled, MinimumSeverity, [.. Categories.Select(AuditLeaf.ValueOf<AuditCategory>).OfType<AuditCategory>().Order()]);
}
