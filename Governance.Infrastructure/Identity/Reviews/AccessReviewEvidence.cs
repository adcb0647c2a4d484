using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Domain;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>A finished review as evidence: the very text that was hashed, and its hash.</summary>
/// <param name="Canonical">What <see cref="Write"/> makes of what the database holds now.</param>
/// <param name="Sha256">The hash taken when the review was finished, in 64 lower-case hex digits.</param>
public sealed record AccessReviewEvidence(string Canonical, string Sha256)
{
    /// <summary>Names the form, so that a later one can be told from it.</summary>
    public const string Format = "governance.access-review/1";

    /// <summary>Whether the text still is what was hashed.</summary>
    public bool IsIntact => Sha256 == Convert.ToHexStringLower(HashOf(Canonical));

    /// <summary>
    /// Both in one document, <c>{"review":…,"sha256":"…"}</c>, which is canonical too. It can be checked without this program:
    /// <c>jq -cjS .review evidence.json | sha256sum</c>.
    /// </summary>
    public string ToJson() => $$"""{"review":{{Canonical}},"sha256":"{{Sha256}}"}""";

    internal static AccessReviewEvidence Of(AccessReview review, IEnumerable<AccessReviewItem> items) =>
        new(Write(review, items), Convert.ToHexStringLower(review.Hash ?? []));

    /// <summary>SHA-256 of the canonical text in UTF-8.</summary>
    internal static byte[] HashOf(string canonical) => SHA256.HashData(Encoding.UTF8.GetBytes(canonical));

    /// <summary>The canonical text of a finished review.</summary>
    /// <remarks>
    /// <para>
    /// An RFC 8785 JSON object (see <see cref="CanonicalJson"/>) with the members <c>covers</c> (the kinds reviewed), <c>due_on</c>,
    /// <c>finished_at</c>, <c>finished_by</c>, <c>format</c>, <c>id</c>, <c>items</c>, <c>name</c>, <c>organization_id</c>,
    /// <c>started_at</c> and <c>started_by</c>. <c>items</c> is ordered by <c>number</c>; each item has <c>created_at</c>,
    /// <c>decided_at</c>, <c>decided_by</c>, <c>decision</c>, <c>expires_at</c>, <c>id</c>, <c>kind</c>, <c>last_used_at</c>,
    /// <c>number</c>, <c>outcome</c>, <c>person_id</c>, <c>reason</c>, <c>role</c>, <c>scope_id</c>, <c>scope_kind</c> and
    /// <c>subject_id</c>. Every member is there; what does not exist is <c>null</c>.
    /// </para>
    /// <para>
    /// Ids are 32 lower-case hex digits. Instants are UTC to the microsecond, which is what PostgreSQL keeps, cut off and not rounded:
    /// <c>2026-11-02T09:00:00.000000Z</c>. Days are <c>2026-11-30</c>. Kinds, decisions, outcomes and scopes are snake_case. There are
    /// no names of people, keys or teams in it, so that erasing or renaming one changes nothing.
    /// </para>
    /// </remarks>
    public static string Write(AccessReview review, IEnumerable<AccessReviewItem> items) => CanonicalJson.Write(new Dictionary<string, object?>
    {
        ["format"] = Format,
        ["id"] = Id(review.Id),
        ["organization_id"] = Id(review.OrganizationId),
        ["name"] = review.Name,
        ["covers"] = KindsOf(review).Select(kind => Name(kind)).ToList(),
        ["started_at"] = Instant(review.StartedAt),
        ["started_by"] = Id(review.StartedBy),
        ["due_on"] = review.DueOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["finished_at"] = Instant(review.FinishedAt),
        ["finished_by"] = Id(review.FinishedBy),
        ["items"] = items.OrderBy(item => item.Number).Select(Members).ToList(),
    });

    private static Dictionary<string, object?> Members(AccessReviewItem item) => new()
    {
        ["id"] = Id(item.Id),
        ["number"] = item.Number,
        ["kind"] = Name(item.Kind),
        ["subject_id"] = Id(item.SubjectId),
        ["person_id"] = Id(item.PersonId),
        ["role"] = item.Role,
        ["scope_kind"] = Name(item.ScopeKind),
        ["scope_id"] = Id(item.ScopeId),
        ["created_at"] = Instant(item.CreatedAt),
        ["expires_at"] = Instant(item.ExpiresAt),
        ["last_used_at"] = Instant(item.LastUsedAt),
        ["decision"] = Name(item.Decision),
        ["reason"] = item.Reason,
        ["decided_at"] = Instant(item.DecidedAt),
        ["decided_by"] = Id(item.DecidedBy),
        ["outcome"] = Name(item.Outcome),
    };

    internal static IEnumerable<ReviewedKind> KindsOf(AccessReview review) =>
        Enum.GetValues<ReviewedKind>().Where(kind => kind switch
        {
            ReviewedKind.Grant => review.CoversGrants,
            ReviewedKind.Key => review.CoversKeys,
            _ => review.CoversServiceAccounts,
        });

    private static string? Id(Guid? id) => id?.ToString("n");

    private static string? Name(Enum? value) => value is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string? Instant(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
