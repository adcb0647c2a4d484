using System.Globalization;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>A review and how far it got.</summary>
public sealed record AccessReviewRow(AccessReview Review, int Items, int Decided, int Revoked)
{
    public int Undecided => Items - Decided;
}

/// <summary>Reviews with what is in them called by name.</summary>
public sealed record AccessReviewList(IReadOnlyList<AccessReviewRow> Rows, AccessReviewNames Names);

/// <summary>One review with what is in it called by name.</summary>
public sealed record AccessReviewDetail(AccessReviewRow Row, AccessReviewNames Names);

/// <summary>Some items of a review with what is in them called by name.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">Where the list goes on, if it does.</param>
/// <param name="Names">What their ids are called.</param>
public sealed record AccessReviewItems(IReadOnlyList<AccessReviewItem> Items, string? Next, AccessReviewNames Names);

/// <summary>Access reviews as lists and one by one. Who may not read them finds none.</summary>
public sealed class AccessReviewQueries(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    private const int MaxReviews = 500;

    private static readonly AccessReviewItems Nothing = new([], null, AccessReviewNames.None);

    /// <summary>Open ones first, those due soonest first; then finished ones, newest first.</summary>
    public async Task<AccessReviewList> ListAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(actor, cancellation);
        if (db is null) return new AccessReviewList([], AccessReviewNames.None);
        var rows = await Rows(db, db.AccessReviews).Take(MaxReviews).ToListAsync(cancellation);
        return new AccessReviewList(rows, await AccessReviewNames.LoadAsync(db, [.. rows.Select(row => row.Review)], [], cancellation));
    }

    /// <summary>One review; none if there is no such.</summary>
    public async Task<AccessReviewDetail?> FindAsync(Actor actor, Guid reviewId, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(actor, cancellation);
        if (db is null) return null;
        var row = await Rows(db, db.AccessReviews.Where(review => review.Id == reviewId)).SingleOrDefaultAsync(cancellation);
        return row is null ? null : new AccessReviewDetail(row, await AccessReviewNames.LoadAsync(db, [row.Review], [], cancellation));
    }

    /// <summary>One page of a review's items, in its order.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="reviewId">Of which review.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="cursor">Where the page before ended; none for the first. A malformed one is the first.</param>
    /// <param name="size">How many, at most <see cref="Page{T}.MaxSize"/>.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<AccessReviewItems> ItemsAsync(
        Actor actor, Guid reviewId, AccessReviewFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(actor, cancellation);
        if (db is null) return Nothing;
        size = Math.Clamp(size, 1, Page<AccessReviewItem>.MaxSize);
        var after = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var items = await (await FilteredAsync(db, reviewId, filter, cancellation)).Where(item => item.Number > after)
            .OrderBy(item => item.Number).Take(size + 1).ToListAsync(cancellation);
        var next = items.Count > size ? items[size - 1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return await NamedAsync(db, [.. items.Take(size)], next, cancellation);
    }

    /// <summary>These items as they are now, in the review's order.</summary>
    public async Task<AccessReviewItems> ItemsAsync(Actor actor, Guid reviewId, IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(actor, cancellation);
        if (db is null) return Nothing;
        var items = await db.AccessReviewItems.AsNoTracking().Where(item => item.ReviewId == reviewId && ids.Contains(item.Id))
            .OrderBy(item => item.Number).ToListAsync(cancellation);
        return await NamedAsync(db, items, null, cancellation);
    }

    /// <summary>All items that a filter leaves, for downloads and print.</summary>
    public async Task<AccessReviewItems> AllItemsAsync(Actor actor, Guid reviewId, AccessReviewFilter filter, CancellationToken cancellation)
    {
        await using var db = await OpenAsync(actor, cancellation);
        if (db is null) return Nothing;
        var items = await (await FilteredAsync(db, reviewId, filter, cancellation)).OrderBy(item => item.Number).ToListAsync(cancellation);
        return await NamedAsync(db, items, null, cancellation);
    }

    /// <summary>How many open reviews are past their due date; none for those who could do nothing about it.</summary>
    public async Task<int> CountOverdueAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.AccessReviewsWrite, cancellation)) return 0;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var organization = await db.Organizations.AsNoTracking().SingleAsync(cancellation);
        var today = organization.Zone.DayOf(time.GetUtcNow());
        return await db.AccessReviews.CountAsync(review => review.FinishedAt == null && review.DueOn < today, cancellation);
    }

    private async Task<GovernanceDbContext?> OpenAsync(Actor actor, CancellationToken cancellation) =>
        await access.MayAsync(actor, Permissions.AccessReviewsRead, cancellation) ? database.ForOrganization(actor.OrganizationId) : null;

    private static IQueryable<AccessReviewRow> Rows(GovernanceDbContext db, IQueryable<AccessReview> reviews) => reviews
        .AsNoTracking()
        .OrderBy(review => review.FinishedAt != null).ThenByDescending(review => review.FinishedAt).ThenBy(review => review.DueOn).ThenBy(review => review.Id)
        .Select(review => new AccessReviewRow(
            review,
            db.AccessReviewItems.Count(item => item.ReviewId == review.Id),
            db.AccessReviewItems.Count(item => item.ReviewId == review.Id && item.Decision != null),
            db.AccessReviewItems.Count(item => item.ReviewId == review.Id && item.Decision == ReviewDecision.Revoke)));

    private static async Task<IQueryable<AccessReviewItem>> FilteredAsync(
        GovernanceDbContext db, Guid reviewId, AccessReviewFilter filter, CancellationToken cancellation)
    {
        var items = db.AccessReviewItems.AsNoTracking().Where(item => item.ReviewId == reviewId);
        if (filter.Kind is { } kind) items = items.Where(item => item.Kind == kind);
        if (filter.Decision is { } decision) items = items.Where(item => item.Decision == decision);
        if (filter.Undecided) items = items.Where(item => item.Decision == null);
        if (string.IsNullOrWhiteSpace(filter.Person)) return items;

        // Names are not in the review, so the people in it are found first; comparing here is the same on every database.
        var text = filter.Person.Trim();
        var people = await db.AccessReviewItems.Where(item => item.ReviewId == reviewId && item.PersonId != null)
            .Select(item => item.PersonId!.Value).Distinct().ToListAsync(cancellation);
        var names = await AccessReviewNames.PeopleAsync(db, people, cancellation);
        var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
        var found = people.Where(person => person == id || names.GetValueOrDefault(person)?.Contains(text, StringComparison.CurrentCultureIgnoreCase) is true).ToList();
        return items.Where(item => found.Contains(item.PersonId!.Value));
    }

    private static async Task<AccessReviewItems> NamedAsync(
        GovernanceDbContext db, IReadOnlyList<AccessReviewItem> items, string? next, CancellationToken cancellation) =>
        new(items, next, await AccessReviewNames.LoadAsync(db, [], items, cancellation));
}
