using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;
using Governance.Testing.Data;
using Governance.Testing.Mail;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>Receiver, database and process of the durable queue are taken away in turn: each cause arrives, under one id however often it is sent.</summary>
public sealed class QueueKillTests
{
    private const int Round = 25;

    [Fact]
    public async Task Queue_ReceiverDatabaseAndProcessGoneInTurn_LosesNothingAndHasOneIdForACause()
    {
        var random = new Random();
        await using var receiver = new SmtpStub();
        await using var database = await TestDatabase.CreateAsync();
        await using var product = new ProductUnderTest(database, Settings(receiver));
        Tenant tenant;
        await using (var process = new ProductProcess(database, TimeProvider.System))
        {
            await process.Get<DatabaseStartup>().RunAsync(default);
            tenant = await Tenant.CreateAsync(process.Services);
        }

        await product.StartAsync();
        var causes = 0;
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            // The receiver refuses everything, then takes everything again.
            receiver.Refuses = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "451 not now" : null;
            await EnqueueAsync(database, tenant, ref causes);
            await Eventually.TrueAsync(() => HasFailedAsync(database), "mails were refused");
            receiver.Refuses = _ => null;

            // The process dies in the midst of sending.
            await EnqueueAsync(database, tenant, ref causes);
            var before = receiver.Received.Count;
            var some = random.Next(1, Round / 2);
            await Eventually.TrueAsync(() => receiver.Received.Count >= before + some, "some mails were sent");
            product.Kill();
            await EnqueueAsync(database, tenant, ref causes);
            await product.StartAsync();

            // The database is gone for a moment. A file stays open in whatever process has it: there, WorkOutageTests takes it away within one.
            before = receiver.Received.Count;
            if (database.Provider == DatabaseProvider.Postgres) await (await database.TakeAwayAsync()).DisposeAsync();
            await EnqueueAsync(database, tenant, ref causes);
            await Eventually.TrueAsync(() => receiver.Received.Count > before, "the queue went on");
        }

        await Eventually.TrueAsync(() => IsEmptyAsync(database), "all was delivered", TimeSpan.FromMinutes(5));
        var sent = receiver.Received.Select(mail => (Cause: mail.Header("Subject"), Id: mail.Header("Message-ID"))).ToList();
        Assert.Equal(Enumerable.Range(0, causes).Select(Title).Order(), sent.Select(mail => mail.Cause).Distinct().Order());
        Assert.All(sent.GroupBy(mail => mail.Cause), cause => Assert.Single(cause.Select(mail => mail.Id).Distinct()));
        Assert.Equal(causes, sent.Select(mail => mail.Id).Distinct().Count());
    }

    private static Dictionary<string, string?> Settings(SmtpStub receiver) => new(receiver.Settings)
    {
        ["WorkQueue:PollInterval"] = "00:00:00.100",
        ["WorkQueue:FirstRetry"] = "00:00:00.100",
        ["WorkQueue:LongestRetry"] = "00:00:01",
        ["WorkQueue:MaxAttempts"] = "100",
        ["Processes:HeartbeatInterval"] = "00:00:00.300",
        ["Processes:DeadAfter"] = "00:00:08",
    };

    private static string Title(int cause) => $"Cause {cause}";

    private static Task EnqueueAsync(TestDatabase database, Tenant tenant, ref int causes)
    {
        var first = causes;
        causes += Round;
        return EnqueueAsync(database, tenant, first);
    }

    private static async Task EnqueueAsync(TestDatabase database, Tenant tenant, int first)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await using var db = process.Database.ForOrganization(tenant.Id);
        foreach (var cause in Enumerable.Range(first, Round))
            process.Get<MailQueue>().Enqueue(db, tenant.Id, new OutgoingMail("ada@example.test", new MailText(Title(cause), ["Hello"], null))).Required();
        await db.SaveChangesAsync();
    }

    private static Task<bool> HasFailedAsync(TestDatabase database) => AskAsync(database, db => db.WorkItems.AnyAsync(item => item.Attempts > 0));

    private static async Task<bool> IsEmptyAsync(TestDatabase database) => !await AskAsync(database, db => db.WorkItems.AnyAsync());

    private static async Task<bool> AskAsync(TestDatabase database, Func<GovernanceDbContext, Task<bool>> question)
    {
        await using var db = database.Database.AcrossOrganizations();
        return await question(db);
    }
}
