using System.Net.Mail;
using Governance.Infrastructure.Data;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

/// <summary>
/// Writes mails as files, for an installation without a mail server. A file appears whole and under the mail's id: a repetition
/// takes its place. Only the owner of the data directory may read it, because its link may let somebody in.
/// </summary>
internal sealed class FolderMailTransport(IOptions<MailOptions> options, IOptions<DataDirectoryOptions> data) : IMailTransport
{
    public async Task SendAsync(Guid id, MailMessage message, CancellationToken cancellation)
    {
        var folder = options.Value.Folder;
        var target = data.Value.PathOf(folder, $"{id:n}.eml");
        var staging = Path.GetDirectoryName(data.Value.PathOf(folder, $".{id:n}", "mail"))!;
        foreach (var left in Directory.GetFiles(staging)) File.Delete(left); // by an attempt that a crash ended

        using (var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = staging })
            await client.SendMailAsync(message, cancellation);
        var written = Directory.GetFiles(staging).Single();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(written, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var file = File.OpenHandle(written, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file);
        File.Move(written, target, overwrite: true);
        Directory.Delete(staging);
    }
}
