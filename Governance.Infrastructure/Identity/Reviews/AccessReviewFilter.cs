namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>Which items of a review.</summary>
/// <param name="Kind">Only of this kind.</param>
/// <param name="Decision">Only those decided so.</param>
/// <param name="Undecided">Only those about which nobody has decided.</param>
/// <param name="Person">Only those of people whose name holds this text, or whose id it is.</param>
public sealed record AccessReviewFilter(
    ReviewedKind? Kind = null, ReviewDecision? Decision = null, bool Undecided = false, string? Person = null)
{
    public static AccessReviewFilter Everything { get; } = new();
}
