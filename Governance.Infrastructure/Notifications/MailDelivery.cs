using Governance.Infrastructure.Data;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

/// <summary>Tells pages where mails go, so that an administrator is not left waiting for one.</summary>
public sealed class MailDelivery(IOptions<MailOptions> options, IOptions<DataDirectoryOptions> data)
{
    /// <summary>Whether mails are written into a folder, because no mail server is configured.</summary>
    public bool IsFolder => string.IsNullOrWhiteSpace(options.Value.Host);

    /// <summary>The absolute path of that folder; to be shown to system administrators only.</summary>
    public string Folder => Path.GetFullPath(Path.Combine(data.Value.Directory, options.Value.Folder));
}
