using Governance.Domain.Proxy;

namespace Governance.Web.Components.Pages.Requests;

/// <summary>How calls ended, as a filter in the URL: one outcome, or those that have not ended.</summary>
public sealed record RequestState(CallOutcome? Outcome)
{
    private static readonly RequestState Open = new(Outcome: null);

    /// <summary>Every choice of the filter.</summary>
    public static IReadOnlyList<RequestState> All { get; } =
        [.. Enum.GetValues<CallOutcome>().Select(outcome => new RequestState(outcome)), Open];

    public bool IsOpen => Outcome is null;

    public string Label => Outcome is { } outcome ? Shared.OutcomeBadge.Text(outcome) : "Open";

    public static RequestState? Parse(string? text) => All.FirstOrDefault(state => state.ToString() == text);

    public override string ToString() => Outcome?.ToString().ToLowerInvariant() ?? "open";
}
