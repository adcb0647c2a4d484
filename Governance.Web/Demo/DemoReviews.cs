using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Demo;

/// <summary>
/// Three access reviews: a finished one of the last quarter, one that is open, one that is overdue. They go through the product's own service,
/// with a clock that stands in the past; the audit log says truthfully when they were made.
/// </summary>
internal sealed class DemoReviews(
    GovernanceDatabase database, AccessControl access, AccessRevocations revocations, AuditTrail audit, AccessReviewQueries queries, KeyService keys,
    ApplicationService applications, TimeProvider time)
{
    public async Task CreateAsync(Actor actor, ReportingZone zone, CancellationToken cancellation)
    {
        var today = zone.DayOf(time.GetUtcNow());
        await AgeAsync(actor, zone.StartOf(today.AddDays(-DemoUsage.Days)), cancellation);
        var reviewers = await ReviewersAsync(actor, cancellation);
        await FinishedAsync(actor, reviewers, zone, StartOfQuarter(today), cancellation);
        await OverdueAsync(actor, reviewers, zone, today, cancellation);
        await OpenAsync(actor, reviewers, zone, today, cancellation);
    }

    /// <summary>Last quarter's, with a trial's key that was revoked and a role that is to be narrowed.</summary>
    private async Task FinishedAsync(Actor actor, IReadOnlyList<Actor> reviewers, ReportingZone zone, DateOnly quarter, CancellationToken cancellation)
    {
        const string trial = "Search ranking trial";
        var application = (await applications.ListAsync(actor, cancellation)).Single(row => row.Name == "Search ranking");
        Required((await keys.CreateAsync(actor, new NewVirtualKey(application.Id, trial, "test", "public"), cancellation)).Refusal);
        await AgeAsync(actor, zone.StartOf(quarter.AddDays(-150)), cancellation, trial);

        var clock = new PastClock(zone.StartOf(quarter.AddDays(-24)).AddHours(9));
        var (service, review) = await StartAsync(actor, clock, new NewAccessReview(QuarterOf(quarter.AddDays(-1)), true, true, true, quarter.AddDays(-1)), cancellation);
        var all = await queries.AllItemsAsync(actor, review.Id, AccessReviewFilter.Everything, cancellation);
        foreach (var item in all.Items)
        {
            clock.Now += TimeSpan.FromMinutes(11);
            var verdict = all.Names.Subject(item) == trial ? Verdict(item, ReviewDecision.Revoke, "The trial ended, and nobody used the key since.")
                : all.Names.Person(item.PersonId) == "Finn Petersen" ? Verdict(item, ReviewDecision.Change, "Needs the costs of Product only, not those of everybody.")
                : Verdict(item, ReviewDecision.Keep);
            await DecideAsync(service, reviewers, item, verdict, cancellation);
        }

        clock.Now = zone.StartOf(quarter.AddDays(-6)).AddHours(16);
        Required((await service.FinishAsync(reviewers[0], review.Id, cancellation)).Refusal);
        await using var db = database.ForOrganization(actor.OrganizationId);
        await db.VirtualKeys.Where(key => key.RevokedAt != null).ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, clock.Now), cancellation);
    }

    private async Task OverdueAsync(Actor actor, IReadOnlyList<Actor> reviewers, ReportingZone zone, DateOnly today, CancellationToken cancellation)
    {
        var clock = new PastClock(zone.StartOf(today.AddDays(-40)).AddHours(10));
        var (service, review) = await StartAsync(actor, clock, new NewAccessReview("Keys and service accounts", false, true, true, today.AddDays(-10)), cancellation);
        foreach (var item in (await queries.AllItemsAsync(actor, review.Id, AccessReviewFilter.Everything, cancellation)).Items.Take(6))
        {
            clock.Now += TimeSpan.FromMinutes(14);
            await DecideAsync(service, reviewers, item, Verdict(item, ReviewDecision.Keep), cancellation);
        }
    }

    private async Task OpenAsync(Actor actor, IReadOnlyList<Actor> reviewers, ReportingZone zone, DateOnly today, CancellationToken cancellation)
    {
        var clock = new PastClock(zone.StartOf(today.AddDays(-5)).AddHours(9));
        var (service, review) = await StartAsync(actor, clock, new NewAccessReview(QuarterOf(today), true, true, true, today.AddDays(9)), cancellation);
        foreach (var item in (await queries.AllItemsAsync(actor, review.Id, AccessReviewFilter.Everything, cancellation)).Items.Take(5))
        {
            clock.Now += TimeSpan.FromMinutes(7);
            var verdict = item.Number == 4
                ? Verdict(item, ReviewDecision.Change, "Works for Customer Care; one team's costs are enough.")
                : Verdict(item, ReviewDecision.Keep);
            await DecideAsync(service, reviewers, item, verdict, cancellation);
        }
    }

    private async Task<(AccessReviewService Service, AccessReview Review)> StartAsync(
        Actor actor, PastClock clock, NewAccessReview request, CancellationToken cancellation)
    {
        var service = new AccessReviewService(database, access, revocations, audit, clock);
        var result = await service.StartAsync(actor, request, cancellation);
        Required(result.Refusal);
        return (service, result.Value!);
    }

    /// <summary>Whoever may; nobody decides over their own access.</summary>
    private static async Task DecideAsync(
        AccessReviewService service, IReadOnlyList<Actor> reviewers, AccessReviewItem item, ReviewVerdict verdict, CancellationToken cancellation)
    {
        var reviewer = reviewers.First(reviewer => !item.IsOwn(reviewer));
        Required((await service.DecideAsync(reviewer, item.ReviewId, verdict, cancellation)).Refusal);
    }

    private static ReviewVerdict Verdict(AccessReviewItem item, ReviewDecision decision, string? reason = null) => new([item.Id], decision, reason);

    private async Task<IReadOnlyList<Actor>> ReviewersAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var people = await db.RoleGrants.Where(grant => grant.Role == Roles.ComplianceOfficer).Join(db.Users, grant => grant.PersonId, person => person.Id, (_, person) => person)
            .OrderBy(person => person.Email).Select(person => person.Id).ToListAsync(cancellation);
        return [.. people.Select(person => new Actor(ActorKind.Person, person, actor.OrganizationId))];
    }

    /// <summary>What gives access is as old as the usage that was made up, or else reviews would look at what was not there yet.</summary>
    private async Task AgeAsync(Actor actor, DateTimeOffset since, CancellationToken cancellation, string? onlyKey = null)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        await db.VirtualKeys.Where(key => onlyKey == null || key.Name == onlyKey).ExecuteUpdateAsync(set => set.SetProperty(key => key.CreatedAt, since), cancellation);
        if (onlyKey is not null) return;
        await db.ServiceAccounts.ExecuteUpdateAsync(set => set.SetProperty(account => account.CreatedAt, since), cancellation);
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(person => person.CreatedAt, since), cancellation);
        await db.RoleGrants.ExecuteUpdateAsync(set => set.SetProperty(grant => grant.GrantedAt, since), cancellation);
    }

    private static DateOnly StartOfQuarter(DateOnly day) => new(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1);

    private static string QuarterOf(DateOnly day) => $"Access review Q{((day.Month - 1) / 3) + 1} {day.Year}";

    private static void Required(Refusal? refusal)
    {
        if (refusal is not null) throw new InvalidOperationException($"Demo data could not be made: {refusal.Message}");
    }
}
