using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Mail;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

public sealed class MailAnchorTests : AnchorTest
{
    protected override Task<Dictionary<string, string?>> SettingsAsync() => Task.FromResult(new Dictionary<string, string?>
    {
        ["Audit:Anchors:Mail:0"] = "one@auditors.test",
        ["Audit:Anchors:Mail:1"] = "two@auditors.test",
    });

    [Fact]
    public async Task Run_LogThatGrows_MailsEachAuditorOnceADay()
    {
        var first = await GrowAsync();
        await RunJobAsync();
        await GrowAsync();
        await RunAfterAsync(TimeSpan.FromHours(23));
        await Get<WorkQueue>().RunAsync(default);

        var mails = MailFolder.Of(Database).All();
        Assert.Equal(["one@auditors.test", "two@auditors.test"], mails.Select(mail => mail.To).Order(StringComparer.Ordinal));
        Assert.All(mails, mail => Assert.Contains(first.Note, mail.Plain.ReplaceLineEndings("\n"), StringComparison.Ordinal));

        await RunAfterAsync(TimeSpan.FromHours(1));
        await Get<WorkQueue>().RunAsync(default);
        Assert.Equal(4, MailFolder.Of(Database).All().Count);
        Assert.All(await RowsAsync<AuditDeposit>(), deposit => Assert.Equal("mail", deposit.Target));
    }
}
