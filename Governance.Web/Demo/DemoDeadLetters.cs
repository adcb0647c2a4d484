using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Jobs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Accounts;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Demo;

/// <summary>
/// Work that failed: mails of a night in which the mail server was out of order, bookings of calls from an outage of the database, and one
/// that needs a person. Retried, mails go to the demo's folder, and the bookings turn out to be made.
/// </summary>
internal sealed class DemoDeadLetters(GovernanceDatabase database, MasterKey key, AccountRequests requests, TimeProvider time)
{
    private const string Booking = "ledger.settle";
    private const string Reset = "password_reset";

    public async Task CreateAsync(Actor actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        AddMails(db, actor.OrganizationId, now);
        await AddBookingsAsync(db, actor.OrganizationId, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await AddResetsAsync(db, now, cancellation);
    }

    private void AddMails(GovernanceDbContext db, Guid organizationId, DateTimeOffset now)
    {
        var night = now.AddHours(-41);
        var people = DemoCompany.People.Where(person => !person.HasLeft).ToList();
        for (var i = 0; i < 34; i++)
        {
            var (error, at) = i % 4 == 3
                ? ($"The mail could not be sent: Connection refused (mail.meridian.example:587) after {i % 7 + 1} s", night.AddMinutes(i * 3))
                : ("The mail server refused the mail: 451 LocalErrorInProcessing.", night.AddMinutes(i * 7));
            var person = people[i % people.Count];
            Fail(Enqueue(db, organizationId, person.Email, "For you to decide: Grant Cost viewer", at), WorkState.Quarantined, error, at.AddHours(5), 12);
        }

        for (var i = 0; i < 5; i++)
        {
            var waiting = Enqueue(db, organizationId, people[i].Email, "Your access review is due", now.AddMinutes(-50 - i));
            Fail(waiting, WorkState.Waiting, "The mail server refused the mail: 421 ServiceNotAvailable.", now.AddMinutes(-9), 6);
            waiting.DueAt = now.AddMinutes(31 + i);
        }
    }

    private WorkItem Enqueue(GovernanceDbContext db, Guid organizationId, string to, string title, DateTimeOffset at)
    {
        var text = new MailText(title, ["This is one of the demo's mails.", "It goes into the folder of mails once it is retried."], null);
        new MailQueue(key, new PastClock(at)).Enqueue(db, organizationId, new OutgoingMail(to, text)).ForDemo();
        return db.ChangeTracker.Entries<WorkItem>().Single(entry => entry.Entity.LastError is null).Entity; // The others have failed already.
    }

    private static async Task AddBookingsAsync(GovernanceDbContext db, Guid organizationId, DateTimeOffset now, CancellationToken cancellation)
    {
        var outage = now.AddHours(-7);
        var calls = await db.Calls.AsNoTracking().Where(call => call.StartedAt < outage).OrderByDescending(call => call.StartedAt).Take(8).ToListAsync(cancellation);
        foreach (var (index, call) in calls.Index())
        {
            var booking = Settlement(organizationId, call.Id, call.StartedAt);
            Fail(booking, WorkState.Quarantined, $"The database closed the connection after {30_000 + (17 * index):N0} ms.", outage.AddHours(4).AddMinutes(index), 12);
            db.WorkItems.Add(booking);
        }

        var unknown = Settlement(organizationId, Guid.CreateVersion7(now.AddHours(-7)), now.AddHours(-7));
        Fail(unknown, WorkState.Manual, $"There is no call {unknown.Cause} to book this for.", now.AddHours(-7).AddSeconds(3), 1);
        db.WorkItems.Add(unknown);
    }

    private static WorkItem Settlement(Guid organizationId, Guid callId, DateTimeOffset at)
    {
        var result = new CallResult(CallOutcome.Succeeded, at.AddSeconds(4))
        {
            Status = 200,
            ActualModel = "gpt-5-mini-2025-08-07",
            Usage = new TokenUsage(Input: 7912, CachedInput: 3584, Output: 611),
            Worked = true,
            Provenance = Provenance.Reported,
            Operation = "chat",
        };
        var cause = PublicId.Format(PublicId.Request, callId);
        return new WorkItem
        {
            Id = WorkItem.IdOf(Booking, cause),
            OrganizationId = organizationId,
            Kind = Booking,
            Cause = cause,
            Payload = JsonSerializer.Serialize(new { CallId = callId, Result = result }, JsonSerializerOptions.Default),
            CreatedAt = at.AddSeconds(4),
            DueAt = at.AddSeconds(4),
        };
    }

    /// <summary>Asked for as visitors do; where the queue is quicker than this, they are simply done.</summary>
    private async Task AddResetsAsync(GovernanceDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var person in DemoCompany.People.Take(2)) (await requests.ResetPasswordAsync(person.Email, cancellation)).ForDemo();
        foreach (var reset in await db.WorkItems.Where(item => item.Kind == Reset && item.LockedUntil == null).ToListAsync(cancellation))
            Fail(reset, WorkState.Quarantined, "The connection pool has been exhausted, either raise 'Maximum Pool Size' (currently 100) or 'Timeout' (currently 15 seconds).", now, 12);
        await db.SaveChangesAsync(cancellation);
    }

    private static void Fail(WorkItem item, WorkState state, string error, DateTimeOffset at, int attempts)
    {
        (item.State, item.Attempts, item.LastError, item.ErrorPattern) = (state, attempts, error, ErrorPattern.Of(error));
        item.QuarantinedAt = state == WorkState.Waiting ? null : at;
        var kept = Math.Min(attempts, WorkItem.MaxHistory);
        item.History = [.. Enumerable.Range(0, kept).Select(i => new WorkAttempt(at.AddMinutes(40 * (i + 1 - kept)), error))];
        item.Version = attempts;
    }
}
