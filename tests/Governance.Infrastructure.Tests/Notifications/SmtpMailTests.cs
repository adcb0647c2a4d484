using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Testing.Mail;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Notifications;

public sealed class SmtpMailTests : MailTest
{
    private readonly SmtpStub _server = new();
    private ProductProcess? _sender;

    protected override ProductProcess Sender => _sender ?? base.Sender;

    protected override Task<ProductProcess> NewProcessAsync() => new ProductProcess(Database, settings: _server.Settings).StartAsync();

    public override async ValueTask DisposeAsync()
    {
        if (_sender is not null) await _sender.DisposeAsync();
        await base.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task RunAsync_MailServer_GetsTheMail()
    {
        (await EnqueueAsync(Invitation(paragraphs: [".dot", "Grüße\n."]))).Required();
        var id = Assert.Single(await RowsAsync<WorkItem>()).Id;
        await WorkAsync();

        Assert.Empty(await RowsAsync<WorkItem>());
        var mail = Assert.Single(_server.Received);
        Assert.Equal(Address, Assert.Single(mail.Recipients));
        Assert.Equal((Address, "You are invited"), (mail.To, mail.Subject));
        Assert.Equal("\"Governance\" <governance@example.org>", mail.Header("From"));
        Assert.Equal($"<{id:n}@example.org>", mail.Header("Message-ID"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Contains("\r\n.dot\r\n", mail.Plain, StringComparison.Ordinal);
        Assert.Contains("Grüße\r\n.\r\n", mail.Plain, StringComparison.Ordinal);
        Assert.Contains(Secret, mail.Html, StringComparison.Ordinal);
        Assert.False(Get<MailDelivery>().IsFolder);
        Assert.Empty(MailFolder.Of(Database).All());
    }

    [Fact]
    public async Task RunAsync_ReplyTo_IsInTheMail()
    {
        await UseAsync(("Mail:ReplyTo", "help@example.org"));
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        Assert.Equal("help@example.org", Assert.Single(_server.Received).Header("Reply-To"));
    }

    [Fact]
    public async Task RunAsync_ServerDown_LosesNothingAndSendsOnceItIsBack()
    {
        await UseAsync(("Mail:Port", "9")); // nobody listens there
        for (var i = 0; i < 3; i++) (await EnqueueAsync(Invitation($"person{i}@example.org"))).Required();
        var ids = (await RowsAsync<WorkItem>()).Select(item => $"<{item.Id:n}@example.org>").Order().ToList();
        await WorkAsync();
        var waiting = await RowsAsync<WorkItem>();
        Assert.All(waiting, item => Assert.Equal((1, Clock.GetUtcNow() + TimeSpan.FromSeconds(5)), (item.Attempts, item.DueAt)));
        Assert.All(waiting, item => Assert.Contains("refused", item.LastError, StringComparison.OrdinalIgnoreCase));

        await UseAsync();
        await WorkAsync(); // too early
        Assert.Empty(_server.Received);
        Clock.Advance(TimeSpan.FromSeconds(5));
        await WorkAsync();
        Assert.Equal(ids, _server.Received.Select(mail => mail.Header("Message-ID")).Order());
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Theory]
    [InlineData("MAIL", "421 busy")]
    [InlineData("RCPT", "550 5.1.1 <ada.lovelace@example.org> unknown")]
    [InlineData("RCPT", "450 4.2.0 <ada.lovelace@example.org> is greylisted")]
    [InlineData(SmtpStub.WholeMail, "554 5.7.1 mail to ada.lovelace@example.org is spam")]
    public async Task RunAsync_ServerRefuses_IsTriedAgainAndDoesNotTellTheAddress(string command, string reply)
    {
        _server.Refuses = line => line.StartsWith(command, StringComparison.Ordinal) ? reply : null;
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        var item = Assert.Single(await RowsAsync<WorkItem>());
        Assert.Equal(1, item.Attempts);
        Assert.Contains(reply[..3], item.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("example.org", item.LastError, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_server.Received);

        _server.Refuses = _ => null;
        Clock.Advance(TimeSpan.FromSeconds(5));
        await WorkAsync();
        Assert.Single(_server.Received);
        Assert.All(Process.Logs.Entries, entry =>
        {
            Assert.DoesNotContain(Address, $"{entry.Message} {entry.Exception}", StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Secret, $"{entry.Message} {entry.Exception}", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task RunAsync_SilentServer_HoldsUpOneMailAndNotAll()
    {
        _server.Silent = true;
        for (var i = 0; i < 3; i++) (await EnqueueAsync(Invitation())).Required();
        var working = WorkAsync();
        await Eventually.TrueAsync(() => _server.Connections == 1, "the product connected");
        Assert.False(working.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(new MailOptions().TimeoutSeconds));
        await working.WaitAsync(Eventually.Bound);
        var waiting = await RowsAsync<WorkItem>();
        Assert.Equal((3, 1), (waiting.Count, waiting.Count(item => item.LastError!.Contains("15 s", StringComparison.Ordinal))));
        Assert.All(waiting, item => Assert.Equal(1, item.Attempts));
        Assert.Equal(1, _server.Connections);

        _server.Silent = false;
        Clock.Advance(TimeSpan.FromSeconds(new MailOptions().TimeoutSeconds));
        await WorkAsync();
        Assert.Equal(3, _server.Received.Count);
    }

    /// <summary>From now on a process with other settings works the queue off.</summary>
    private async Task UseAsync(params (string Key, string? Value)[] settings)
    {
        var all = _server.Settings;
        foreach (var (key, value) in settings) all[key] = value;
        if (_sender is not null) await _sender.DisposeAsync();
        _sender = await new ProductProcess(Database, Clock, all).StartAsync();
    }
}
