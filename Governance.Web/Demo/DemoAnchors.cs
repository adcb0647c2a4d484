using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Data;

namespace Governance.Web.Demo;

/// <summary>Deposits the demo's audit log in a folder of its own data directory: enough to show how it is done, not to prove anything to anybody.</summary>
internal static class DemoAnchors
{
    /// <summary>Does nothing where an anchor is configured.</summary>
    public static void Configure(WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetSection(AuditAnchorOptions.Section).GetChildren().Any()) return;
        var data = builder.Configuration.GetSection(DataDirectoryOptions.Section).Get<DataDirectoryOptions>() ?? new DataDirectoryOptions();
        var folder = Path.GetDirectoryName(data.PathOf("anchors", "made"));
        builder.Configuration.AddInMemoryCollection([new($"{AuditAnchorOptions.Section}:{nameof(AuditAnchorOptions.Folder)}", folder)]);
    }
}
