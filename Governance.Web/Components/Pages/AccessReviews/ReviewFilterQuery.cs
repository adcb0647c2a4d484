using Governance.Infrastructure.Identity.Reviews;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.AccessReviews;

/// <summary>Which items of a review are shown, as it stands in the URL.</summary>
internal static class ReviewFilterQuery
{
    private const string UndecidedSlug = "undecided";

    public static IReadOnlyList<FilterOption> Kinds { get; } =
        [.. Enum.GetValues<ReviewedKind>().Select(kind => new FilterOption(Slug(kind), ReviewWords.Plural(kind)))];

    public static IReadOnlyList<FilterOption> Decisions { get; } =
    [
        new(UndecidedSlug, "Undecided"),
        .. Enum.GetValues<ReviewDecision>().Select(decision => new FilterOption(Slug(decision), ReviewWords.Of(decision))),
    ];

    public static AccessReviewFilter Parse(string? kind, string? decision, string? person) => new(
        Enum.GetValues<ReviewedKind>().Cast<ReviewedKind?>().FirstOrDefault(value => Slug(value!.Value) == kind),
        Enum.GetValues<ReviewDecision>().Cast<ReviewDecision?>().FirstOrDefault(value => Slug(value!.Value) == decision),
        decision == UndecidedSlug,
        string.IsNullOrWhiteSpace(person) ? null : person.Trim());

    public static IEnumerable<(string Name, string? Value)> Of(AccessReviewFilter? filter) =>
        filter is null ? [] : [("kind", KindOf(filter)), ("decision", DecisionOf(filter)), ("person", filter.Person)];

    public static string? KindOf(AccessReviewFilter filter) => filter.Kind is { } kind ? Slug(kind) : null;

    public static string? DecisionOf(AccessReviewFilter filter) =>
        filter.Undecided ? UndecidedSlug : filter.Decision is { } decision ? Slug(decision) : null;

    private static string Slug(ReviewedKind kind) => kind switch
    {
        ReviewedKind.Grant => "role",
        ReviewedKind.Key => "key",
        _ => "service-account",
    };

    private static string Slug(ReviewDecision decision) => decision switch
    {
        ReviewDecision.Keep => "keep",
        ReviewDecision.Change => "change",
        _ => "revoke",
    };
}
