using Governance.Infrastructure.Identity.Reviews;

namespace Governance.Web.Components.Pages.AccessReviews;

/// <summary>How reviews, items and decisions are called on the pages.</summary>
internal static class ReviewWords
{
    public static string Of(ReviewedKind kind) => kind switch
    {
        ReviewedKind.Grant => "Role",
        ReviewedKind.Key => "Key",
        _ => "Service account",
    };

    public static string Plural(ReviewedKind kind) => kind switch
    {
        ReviewedKind.Grant => "Roles of people",
        ReviewedKind.Key => "Keys",
        _ => "Service accounts",
    };

    public static string Of(ReviewDecision decision) => decision switch
    {
        ReviewDecision.Keep => "Keep",
        ReviewDecision.Change => "Change",
        _ => "Revoke",
    };

    /// <summary>The kinds that a review looks at, as a list in a sentence.</summary>
    public static string Covers(AccessReview review)
    {
        string?[] kinds =
        [
            review.CoversGrants ? Plural(ReviewedKind.Grant) : null, review.CoversKeys ? Plural(ReviewedKind.Key) : null,
            review.CoversServiceAccounts ? Plural(ReviewedKind.ServiceAccount) : null,
        ];
        var text = string.Join(", ", kinds.OfType<string>());
        return text[..1] + text[1..].ToLowerInvariant();
    }

    /// <summary>What tells an item from all others, for the names of buttons and questions.</summary>
    public static string Describe(AccessReviewItem item, AccessReviewNames names) => item.Kind switch
    {
        ReviewedKind.Grant => $"{names.Subject(item)} of {names.Person(item.PersonId)} for {InSentence(names.Scope(item))}",
        ReviewedKind.Key => $"key {names.Subject(item)} of {names.Scope(item)}",
        _ => $"service account {names.Subject(item)}",
    };

    private static string InSentence(string scope) => scope == "Whole organisation" ? "the whole organisation" : scope;
}
