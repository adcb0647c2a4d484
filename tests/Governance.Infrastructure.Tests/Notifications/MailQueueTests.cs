using System.Text;
using System.Text.Json;
using Governance.Domain;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Testing.Mail;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Notifications;

public sealed class MailQueueTests : MailTest
{
    [Fact]
    public async Task Enqueue_NotSaved_SendsNothing()
    {
        await using (var db = Process.Database.ForOrganization(Tenant.Id)) Get<MailQueue>().Enqueue(db, Tenant.Id, Invitation()).Required();
        await WorkAsync();
        Assert.Empty(MailFolder.Of(Database).All());
    }

    [Fact]
    public async Task Enqueue_Waiting_HasNeitherAddressNorTextInTheDatabase()
    {
        (await EnqueueAsync(Invitation())).Required();
        var row = Assert.Single(await RowsAsync<WorkItem>());
        Assert.Equal(("mail", Tenant.Id), (row.Kind, row.OrganizationId));
        var decoded = JsonDocument.Parse(row.Payload).RootElement.EnumerateObject().Single().Value.GetBytesFromBase64();
        foreach (var text in (string[])[JsonSerializer.Serialize(row), Encoding.Latin1.GetString(decoded)])
        {
            Assert.DoesNotContain("example", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("ada@", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("invite", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("ada@example.org\r\nBcc: eve@example.org")]
    [InlineData("ada@example.org\n")]
    [InlineData("ada@example.org\r\n eve@example.org")]
    [InlineData("ada@example.org, eve@example.org")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org>\r\nRCPT TO:<eve@example.org")]
    [InlineData("\"a\r\n b\"@example.org")]
    [InlineData("ada@example.org\0")]
    public async Task Enqueue_NotOneBareAddress_IsRefused(string to)
    {
        var result = await EnqueueAsync(Invitation(to));
        Assert.Equal((RefusalKind.Invalid, "To"), (result.Refusal?.Kind, result.Refusal?.Field));
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello\r\nBcc: eve@example.org")]
    [InlineData("Hello\nBcc: eve@example.org")]
    [InlineData("Hello\rBcc: eve@example.org")]
    [InlineData("Hello\0")]
    public async Task Enqueue_TitleOfSeveralLines_IsRefused(string title)
    {
        var result = await EnqueueAsync(Invitation(title: title));
        Assert.Equal((RefusalKind.Invalid, "Title"), (result.Refusal?.Kind, result.Refusal?.Field));
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    public async Task Enqueue_ButtonThatIsNoPage_IsABug(string target)
    {
        var mail = new OutgoingMail(Address, new MailText("Hello", [], new MailButton("Open", new Uri(target))));
        await Assert.ThrowsAsync<ArgumentException>(() => EnqueueAsync(mail));
    }

    [Fact]
    public void ToString_OutgoingMail_TellsNothing() => Assert.Equal("OutgoingMail", Invitation().ToString());
}
