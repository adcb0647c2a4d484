using System.Data;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>What a new review looks at.</summary>
/// <param name="Name">As lists call it.</param>
/// <param name="Grants">The roles that people hold.</param>
/// <param name="Keys">The keys of applications.</param>
/// <param name="ServiceAccounts">The service accounts.</param>
/// <param name="DueOn">The last day on which it is in time, in the organisation's zone.</param>
public sealed record NewAccessReview(string Name, bool Grants, bool Keys, bool ServiceAccounts, DateOnly DueOn);

/// <summary>What somebody decided about one or several items.</summary>
/// <param name="Items">The items' ids.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Reason">Why; needed to change or revoke.</param>
public sealed record ReviewVerdict(IReadOnlyCollection<Guid> Items, ReviewDecision Decision, string? Reason = null);

/// <summary>Starts access reviews, takes decisions and carries them out, and seals what is finished.</summary>
public sealed class AccessReviewService(
    GovernanceDatabase database, AccessControl access, AccessRevocations revocations, AuditTrail audit, TimeProvider time)
{
    /// <summary>How many items one decision may be about.</summary>
    public const int MaxItems = 500;

    private const string Resource = "access_review";

    /// <summary>Starts a review of everything of the chosen kinds that gives access right now.</summary>
    public async Task<Result<AccessReview>> StartAsync(Actor actor, NewAccessReview request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AccessReviewsWrite, cancellation) is { } forbidden) return forbidden;

        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var organization = await db.Organizations.AsNoTracking().SingleAsync(cancellation);
        if (Check(request, organization.Zone.DayOf(now)) is { } refusal) return refusal;

        var review = new AccessReview
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            Name = request.Name.Trim(),
            CoversGrants = request.Grants,
            CoversKeys = request.Keys,
            CoversServiceAccounts = request.ServiceAccounts,
            StartedAt = now,
            StartedBy = actor.Id,
            DueOn = request.DueOn,
        };
        var items = await AccessSnapshot.TakeAsync(db, review, cancellation);
        if (items.Count == 0) return Refusal.Invalid(nameof(request.Grants), "There is nothing of these kinds to review. Choose another kind.");

        db.AccessReviews.Add(review);
        db.AccessReviewItems.AddRange(items);
        audit.Record(db, actor, "access_review.started", Resource, review.PublicId,
            new { review.Name, kinds = AccessReviewEvidence.KindsOf(review), review.DueOn, items = items.Count });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return review;
    }

    /// <summary>Decides about items of an open review, all or none; what is revoked ends in the same transaction.</summary>
    public async Task<Result> DecideAsync(Actor actor, Guid reviewId, ReviewVerdict verdict, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AccessReviewsWrite, cancellation) is { } forbidden) return forbidden;
        if (Check(verdict) is { } invalid) return invalid;

        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await LockAsync(db, reviewId, cancellation) is { } closed) return closed;
        var ids = verdict.Items.Distinct().ToList();
        var items = await db.AccessReviewItems.Where(item => item.ReviewId == reviewId && ids.Contains(item.Id)).OrderBy(item => item.Number)
            .ToListAsync(cancellation);
        if (items.Count < ids.Count) return Refusal.NotFound("There is no such item in this review.");

        var announcements = new List<Action>();
        foreach (var item in items)
        {
            if (Check(actor, item) is { } refusal) return refusal;
            var announced = await DecideAsync(db, actor, item, verdict, cancellation);
            if (!announced.Succeeded) return announced.Refusal;
            announcements.Add(announced.Value);
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        foreach (var announce in announcements) announce();
        return Result.Ok;
    }

    /// <summary>Closes a review in which everything is decided, and seals it with its hash.</summary>
    public async Task<Result> FinishAsync(Actor actor, Guid reviewId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AccessReviewsWrite, cancellation) is { } forbidden) return forbidden;

        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await LockAsync(db, reviewId, cancellation) is { } closed) return closed;
        var review = await db.AccessReviews.SingleAsync(review => review.Id == reviewId, cancellation);
        var items = await db.AccessReviewItems.Where(item => item.ReviewId == reviewId).ToListAsync(cancellation);
        var open = items.Count(item => item.Decision is null);
        if (open > 0) return Refusal.Conflict($"{open} of {items.Count} items are not decided yet. Decide them first.");

        var now = time.GetUtcNow();
        (review.FinishedAt, review.FinishedBy) = (now, actor.Id);
        foreach (var item in items) item.SealedAt = now;
        review.Hash = AccessReviewEvidence.HashOf(AccessReviewEvidence.Write(review, items));
        audit.Record(db, actor, "access_review.finished", Resource, review.PublicId, new { items = items.Count, sha256 = Convert.ToHexStringLower(review.Hash) });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>The evidence of a finished review, which tells whether it is what was sealed.</summary>
    public async Task<Result<AccessReviewEvidence>> VerifyAsync(Actor actor, Guid reviewId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AccessReviewsRead, cancellation) is { } forbidden) return forbidden;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var review = await db.AccessReviews.AsNoTracking().SingleOrDefaultAsync(review => review.Id == reviewId, cancellation);
        if (review is null) return Refusal.NotFound("There is no such access review.");
        if (!review.IsSealed) return Refusal.Conflict("This review is still open. There is evidence of it once it is finished.");
        return AccessReviewEvidence.Of(review, await db.AccessReviewItems.AsNoTracking().Where(item => item.ReviewId == reviewId).ToListAsync(cancellation));
    }

    /// <summary>Carries a decision out and takes it down.</summary>
    /// <returns>What is to be done after the commit.</returns>
    private async Task<Result<Action>> DecideAsync(
        GovernanceDbContext db, Actor actor, AccessReviewItem item, ReviewVerdict verdict, CancellationToken cancellation)
    {
        var reason = string.IsNullOrWhiteSpace(verdict.Reason) ? null : verdict.Reason.Trim();
        Action announce = () => { };
        if (verdict.Decision == ReviewDecision.Revoke)
        {
            var revoked = await revocations.RevokeAsync(db, actor, item, reason!, cancellation);
            if (!revoked.Succeeded) return revoked.Refusal;
            (item.Outcome, announce) = (revoked.Value.Outcome, revoked.Value.Announce);
        }

        (item.Decision, item.Reason, item.DecidedAt, item.DecidedBy) = (verdict.Decision, reason, time.GetUtcNow(), actor.Id);
        audit.Record(db, actor, "access_review.decided", Resource, Domain.PublicId.Format(Domain.PublicId.AccessReview, item.ReviewId),
            new { item = item.Number, item.Kind, subject = item.SubjectId, person = item.PersonId, item.Decision, reason, item.Outcome });
        return announce;
    }

    /// <summary>Until the transaction ends nobody else decides in this review or finishes it: the row is locked by writing what stands there.</summary>
    private static async Task<Refusal?> LockAsync(GovernanceDbContext db, Guid reviewId, CancellationToken cancellation)
    {
        var locked = await db.AccessReviews.Where(review => review.Id == reviewId && review.FinishedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(review => review.FinishedAt, (DateTimeOffset?)null), cancellation);
        if (locked == 1) return null;
        return await db.AccessReviews.AnyAsync(review => review.Id == reviewId, cancellation)
            ? Refusal.Conflict("This review is finished. Nothing of it can be changed; start a new one.")
            : Refusal.NotFound("There is no such access review.");
    }

    private static Refusal? Check(NewAccessReview request, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Trim().Length > AccessReview.MaxNameLength)
            return Refusal.Invalid(nameof(request.Name), $"Give the review a name of 1 to {AccessReview.MaxNameLength} characters.");
        if (!request.Grants && !request.Keys && !request.ServiceAccounts)
            return Refusal.Invalid(nameof(request.Grants), "Choose at least one kind of access to review.");
        return request.DueOn < today ? Refusal.Invalid(nameof(request.DueOn), "The day by which it is due has passed. Choose today or a later day.") : null;
    }

    private static Refusal? Check(ReviewVerdict verdict)
    {
        if (verdict.Items.Count is 0 or > MaxItems) return Refusal.Invalid(nameof(verdict.Items), $"Choose 1 to {MaxItems} items.");
        if (verdict.Decision != ReviewDecision.Keep && string.IsNullOrWhiteSpace(verdict.Reason))
            return Refusal.Invalid(nameof(verdict.Reason), "Say why: whoever reads this review later will ask.");
        return verdict.Reason?.Trim().Length > AccessReviewItem.MaxReasonLength
            ? Refusal.Invalid(nameof(verdict.Reason), $"Keep the reason to {AccessReviewItem.MaxReasonLength} characters.")
            : null;
    }

    private static Refusal? Check(Actor actor, AccessReviewItem item)
    {
        if (item.IsOwn(actor)) return Refusal.Forbidden("Nobody decides over their own access. Ask somebody else who may decide in access reviews.");
        return item.Outcome is not null
            ? Refusal.Conflict("This was revoked already, which cannot be taken back. Grant or create it anew if it is needed.")
            : null;
    }
}
