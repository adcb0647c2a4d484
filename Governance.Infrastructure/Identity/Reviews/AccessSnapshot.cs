using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>Takes down what gives access at the moment a review starts.</summary>
internal static class AccessSnapshot
{
    /// <summary>What the review is to look at, people's roles first, each kind in the order in which one would look names up.</summary>
    public static async Task<IReadOnlyList<AccessReviewItem>> TakeAsync(
        GovernanceDbContext db, AccessReview review, CancellationToken cancellation)
    {
        var found = new List<Found>();
        if (review.CoversGrants) found.AddRange(await GrantsAsync(db, review.StartedAt, cancellation));
        if (review.CoversKeys) found.AddRange(await KeysAsync(db, review.StartedAt, cancellation));
        if (review.CoversServiceAccounts) found.AddRange(await ServiceAccountsAsync(db, cancellation));
        return [.. found.Select((row, index) => ToItem(review, row, index + 1))];
    }

    /// <summary>A disabled person's grants are looked at too: they count again once the person is enabled.</summary>
    private static async Task<IEnumerable<Found>> GrantsAsync(GovernanceDbContext db, DateTimeOffset at, CancellationToken cancellation)
    {
        var rows = await (
            from grant in db.RoleGrants
            join person in db.Users on grant.PersonId equals person.Id
            where grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > at)
            orderby person.DisplayName, person.Id, grant.GrantedAt, grant.Id
            select new
            {
                Grant = grant,
                LastSeenAt = db.Sessions.Where(session => session.PersonId == person.Id).Max(session => (DateTimeOffset?)session.LastSeenAt),
            }).AsNoTracking().ToListAsync(cancellation);
        return rows.Select(row => new Found(ReviewedKind.Grant, row.Grant.Id, row.Grant.PersonId, row.Grant.Scope, row.Grant.GrantedAt)
        {
            Role = row.Grant.Role,
            ExpiresAt = row.Grant.ExpiresAt,
            LastUsedAt = row.LastSeenAt,
        });
    }

    private static async Task<IEnumerable<Found>> KeysAsync(GovernanceDbContext db, DateTimeOffset at, CancellationToken cancellation)
    {
        var rows = await (
            from key in db.VirtualKeys
            join application in db.Applications on key.ApplicationId equals application.Id
            where key.RevokedAt == null
            orderby application.Name, key.Name, key.Id
            select new
            {
                Key = key,
                LastUsedAt = db.Calls.Where(call => call.KeyId == key.Id && call.StartedAt <= at).Max(call => (DateTimeOffset?)call.StartedAt),
            }).AsNoTracking().ToListAsync(cancellation);
        return rows.Select(row =>
            new Found(ReviewedKind.Key, row.Key.Id, row.Key.CreatedBy, AccessScope.Application(row.Key.ApplicationId), row.Key.CreatedAt)
            {
                LastUsedAt = row.LastUsedAt,
            });
    }

    private static async Task<IEnumerable<Found>> ServiceAccountsAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        var rows = await db.ServiceAccounts.AsNoTracking().Where(account => account.RevokedAt == null)
            .OrderBy(account => account.Name).ThenBy(account => account.Id).ToListAsync(cancellation);
        return rows.Select(account =>
            new Found(ReviewedKind.ServiceAccount, account.Id, account.CreatedBy, AccessScope.Organization, account.CreatedAt));
    }

    private static AccessReviewItem ToItem(AccessReview review, Found found, int number) => new()
    {
        Id = Guid.CreateVersion7(review.StartedAt),
        OrganizationId = review.OrganizationId,
        ReviewId = review.Id,
        Number = number,
        Kind = found.Kind,
        SubjectId = found.Id,
        PersonId = found.PersonId,
        Role = found.Role,
        ScopeKind = found.Scope.Kind,
        ScopeId = found.Scope.Id,
        CreatedAt = found.CreatedAt,
        ExpiresAt = found.ExpiresAt,
        LastUsedAt = found.LastUsedAt,
    };

    private sealed record Found(ReviewedKind Kind, Guid Id, Guid? PersonId, AccessScope Scope, DateTimeOffset CreatedAt)
    {
        public string? Role { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }

        public DateTimeOffset? LastUsedAt { get; init; }
    }
}
