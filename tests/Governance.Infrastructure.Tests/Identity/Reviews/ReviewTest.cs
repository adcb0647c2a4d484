using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.Reviews;

/// <summary>Two administrators, a viewer, and Rita and Remy who review; a key and a service account.</summary>
public abstract class ReviewTest : ProductTest
{
    protected AccessReviewService Service => Get<AccessReviewService>();

    protected AccessReviewQueries Queries => Get<AccessReviewQueries>();

    protected Dictionary<string, Person> People { get; } = [];

    protected Actor Rita => Tenant.Acting(People["rita"]);

    protected Actor Remy => Tenant.Acting(People["remy"]);

    protected static NewAccessReview Everything => new("Autumn", true, true, true, new DateOnly(2026, 11, 30));

    /// <summary>An odd moment, so that a hash over more digits than PostgreSQL keeps would show.</summary>
    protected override Task<ProductProcess> NewProcessAsync() =>
        new ProductProcess(Database, new FakeTime(FakeTime.DefaultStart.AddTicks(1_234_567))).StartAsync();

    protected async Task<AccessReview> StartAsync()
    {
        foreach (var (name, role) in new[]
        {
            ("ada", Roles.SystemAdmin), ("alan", Roles.SystemAdmin), ("vera", Roles.CostViewer), ("rita", Roles.ComplianceOfficer), ("remy", Roles.ComplianceOfficer),
        })
            People[name] = await Tenant.AddPersonAsync(Process.Services, $"{name}@example.org", "correct horse battery", role);
        await Tenant.AddServiceAccountAsync(Process.Services);
        return (await Service.StartAsync(Rita, Everything, default)).Required();
    }

    protected Task<List<AccessReviewItem>> ItemsAsync(AccessReview review) => QueryAsync(db =>
        db.AccessReviewItems.AsNoTracking().Where(item => item.ReviewId == review.Id).OrderBy(item => item.Number).ToListAsync());

    protected async Task<AccessReviewItem> ItemAsync(AccessReview review, string person) =>
        (await ItemsAsync(review)).Single(item => item.Kind == ReviewedKind.Grant && item.PersonId == People[person].Id);

    protected async Task<AccessReviewItem> ItemAsync(AccessReview review, ReviewedKind kind) =>
        (await ItemsAsync(review)).Single(item => item.Kind == kind);

    protected async Task DecideAsync(Actor actor, AccessReview review, AccessReviewItem item, ReviewDecision decision, string? reason = "No longer needed.") =>
        (await Service.DecideAsync(actor, review.Id, new ReviewVerdict([item.Id], decision, reason), default)).Required();

    /// <summary>Keeps whatever is undecided, each reviewer what is not their own, and finishes.</summary>
    protected async Task FinishAsync(AccessReview review)
    {
        foreach (var item in (await ItemsAsync(review)).Where(item => item.Decision is null))
            await DecideAsync(item.IsOwn(Rita) ? Remy : Rita, review, item, ReviewDecision.Keep, null);
        (await Service.FinishAsync(Rita, review.Id, default)).Required();
    }
}
