using CsvHelper;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Components.Pages.AccessReviews;

/// <summary>A review as a table to work with, with names as they are now, and a finished one as evidence, with nothing but what was hashed.</summary>
internal static class AccessReviewExports
{
    private static readonly string[] Columns =
    [
        "review_id", "item", "kind", "subject_id", "subject", "person_id", "person", "role", "scope_kind", "scope_id", "scope", "created_at",
        "expires_at", "last_used_at", "decision", "reason", "decided_at", "decided_by_id", "decided_by", "outcome",
    ];

    public static void MapAccessReviewExports(this IEndpointRouteBuilder endpoints)
    {
        var exports = endpoints.MapGroup("/export/access-reviews").RequireAuthorization(Permissions.AccessReviewsRead).ExcludeFromDescription();
        exports.MapGet("/{id}.csv", GetCsvAsync);
        exports.MapGet("/{id}.json", GetEvidenceAsync);
    }

    private static async Task<IResult> GetCsvAsync(
        string id, string? kind, string? decision, string? person, HttpContext http, OrganizationService organizations, AccessReviewQueries queries,
        CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        if (!PublicId.TryParse(PublicId.AccessReview, id, out var reviewId) || await queries.FindAsync(actor, reviewId, cancellation) is not { } detail)
            return TypedResults.NotFound();

        var review = detail.Row.Review;
        var items = await queries.AllItemsAsync(actor, reviewId, ReviewFilterQuery.Parse(kind, decision, person), cancellation);
        return CsvDownload.Stream($"access-review-{review.PublicId}.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            foreach (var item in items.Items)
            {
                Write(csv, review, item, items.Names);
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static void Write(CsvWriter csv, AccessReview review, AccessReviewItem item, AccessReviewNames names)
    {
        csv.WriteField(review.PublicId);
        csv.WriteField(item.Number);
        csv.WriteField(ReviewWords.Of(item.Kind));
        csv.WriteField(item.SubjectId.ToString("n"));
        csv.WriteField(names.Subject(item));
        csv.WriteField(item.PersonId?.ToString("n"));
        csv.WriteField(item.PersonId is null ? null : names.Person(item.PersonId));
        csv.WriteField(item.Role);
        csv.WriteField(item.ScopeKind.ToString());
        csv.WriteField(item.ScopeId?.ToString("n"));
        csv.WriteField(names.Scope(item));
        csv.WriteField(CsvDownload.Instant(item.CreatedAt));
        csv.WriteField(CsvDownload.Instant(item.ExpiresAt));
        csv.WriteField(CsvDownload.Instant(item.LastUsedAt));
        csv.WriteField(item.Decision?.ToString());
        csv.WriteField(item.Reason);
        csv.WriteField(CsvDownload.Instant(item.DecidedAt));
        csv.WriteField(item.DecidedBy?.ToString("n"));
        csv.WriteField(item.DecidedAt is null ? null : names.Person(item.DecidedBy));
        csv.WriteField(item.Outcome?.ToString());
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> GetEvidenceAsync(
        string id, HttpContext http, AccessReviewService service, CancellationToken cancellation)
    {
        if (!PublicId.TryParse(PublicId.AccessReview, id, out var reviewId)) return TypedResults.NotFound();
        var evidence = await service.VerifyAsync(http.User.ToActor(http), reviewId, cancellation);
        return evidence.Succeeded
            ? TypedResults.File(System.Text.Encoding.UTF8.GetBytes(evidence.Value.ToJson()), "application/json", $"access-review-{PublicId.Format(PublicId.AccessReview, reviewId)}.json")
            : TypedResults.NotFound();
    }
}
