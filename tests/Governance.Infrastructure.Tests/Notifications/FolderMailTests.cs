using System.Runtime.Versioning;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Testing.Mail;
using Governance.Testing.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Notifications;

[UnsupportedOSPlatform("windows")]
public sealed class FolderMailTests : MailTest
{
    private MailFolder Folder => MailFolder.Of(Database);

    [Fact]
    public async Task RunAsync_NoMailServer_WritesTheMailWhole()
    {
        (await EnqueueAsync(Invitation())).Required();
        var id = Assert.Single(await RowsAsync<WorkItem>()).Id;
        await WorkAsync();

        Assert.Empty(await RowsAsync<WorkItem>());
        var mail = Assert.Single(Folder.All());
        Assert.Equal((Address, "You are invited"), (mail.To, mail.Subject));
        Assert.Equal("\"Governance\" <governance@localhost>", mail.Header("From"));
        Assert.Equal($"<{id:n}@localhost>", mail.Header("Message-ID"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Equal($"https://governance.example.org/account/invitation?token={Secret}&x=1", mail.Link.AbsoluteUri);
        Assert.Contains("Somebody invited you.", mail.Plain, StringComparison.Ordinal);
        Assert.Contains(Tenant.Organization.Name, mail.Plain, StringComparison.Ordinal);
        Assert.Contains($"href=\"https://governance.example.org/account/invitation?token={Secret}&amp;x=1\"", mail.Html, StringComparison.Ordinal);
        Assert.Contains(Tenant.Organization.Name, mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AsciiText_CanBeReadInTheFile()
    {
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        Assert.Contains($"https://governance.example.org/account/invitation?token={Secret}&x=1\r\n", Assert.Single(Folder.All()).Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OtherLettersMarkupAndDots_ArriveAsTheyAre()
    {
        var line = new string('x', 2000);
        (await EnqueueAsync(Invitation(title: "Grüße an <b>Ada</b> & Łukasz – 你好", paragraphs: [".dot\n..two\n.\n<script>é</script>", line]))).Required();
        await WorkAsync();
        var mail = Assert.Single(Folder.All());
        Assert.Equal("Grüße an <b>Ada</b> & Łukasz – 你好", mail.Subject);
        Assert.Contains("\r\n.dot\r\n..two\r\n.\r\n<script>é</script>\r\n", mail.Plain, StringComparison.Ordinal);
        Assert.Contains(line, mail.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(".dot<br>..two<br>.<br>&lt;script&gt;", mail.Html, StringComparison.Ordinal);
        Assert.All(mail.Raw.Split("\r\n"), part => Assert.True(part.Length <= 998));
    }

    [Fact]
    public async Task RunAsync_Folder_IsForItsOwnerAlone()
    {
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        Assert.Equal(Folder.Path, Get<MailDelivery>().Folder);
        Assert.True(Get<MailDelivery>().IsFolder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFileSystemEntries(Folder.Path))));
    }

    [Fact]
    public async Task HandleAsync_AgainAfterACrash_WritesTheSameMailOnce()
    {
        (await EnqueueAsync(Invitation())).Required();
        var item = Assert.Single(await RowsAsync<WorkItem>());
        var handler = Process.Services.GetServices<IWorkHandler>().OfType<MailHandler>().Single();
        await handler.HandleAsync(item, default);
        var first = Assert.Single(Folder.All());

        var staging = Directory.CreateDirectory(Path.Combine(Folder.Path, $".{item.Id:n}")); // as a crash before the rename leaves it
        await File.WriteAllTextAsync(Path.Combine(staging.FullName, "half.eml"), "X-Half: a mail");
        await handler.HandleAsync(item, default);

        Assert.Equal(first.Header("Message-ID"), Assert.Single(Folder.All()).Header("Message-ID"));
        Assert.Single(Directory.GetFileSystemEntries(Folder.Path));
    }
}
