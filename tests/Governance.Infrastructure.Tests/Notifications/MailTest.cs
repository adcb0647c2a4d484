using Governance.Domain;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Notifications;

/// <summary>A test that sends mails as the product does: into the queue with a change, out of it by the queue's job.</summary>
public abstract class MailTest : ProductTest
{
    protected const string Address = "ada.lovelace@example.org";
    protected const string Secret = "s3cr3t-t0ken";

    /// <summary>The process that works the queue off; the test's own unless it starts another.</summary>
    protected virtual ProductProcess Sender => Process;

    protected static OutgoingMail Invitation(string to = Address, string title = "You are invited", params string[] paragraphs) => new(
        to,
        new MailText(
            title,
            paragraphs.Length > 0 ? paragraphs : ["Somebody invited you."],
            new MailButton("Set your password", new Uri($"https://governance.example.org/account/invitation?token={Secret}&x=1"))));

    /// <summary>Puts a mail into the queue and saves.</summary>
    protected async Task<Result> EnqueueAsync(OutgoingMail mail)
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var result = Get<MailQueue>().Enqueue(db, Tenant.Id, mail);
        await db.SaveChangesAsync();
        return result;
    }

    protected Task WorkAsync() => Sender.Get<WorkQueue>().RunAsync(default);
}
