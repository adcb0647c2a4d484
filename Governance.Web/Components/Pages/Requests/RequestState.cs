using Governance.Domain.Proxy;

namespace Governance.Web.Components.Pages.Requests;

/// <summary>How calls ended, as a filter in the URL: one outcome, those that have not ended, or those answered from the response cache.</summary>
public sealed record RequestState(CallOutcome? Outcome, bool IsCached = false)
{
    private static readonly RequestState Open = new(Outcome: null);

    public static RequestState FromCache { get; } = new(Outcome: null, IsCached: true);

    /// <summary>Every choice of the filter.</summary>
    public static IReadOnlyList<RequestState> All { get; } =
        [.. Enum.GetValues<CallOutcome>().Select(outcome => new RequestState(outcome)), Open, FromCache];

    public bool IsOpen => Outcome is null && !IsCached;

    public string Label => Outcome is { } outcome ? Shared.OutcomeBadge.Text(outcome) : IsCached ? "From the cache" : "Open";

    public static RequestState? Parse(string? text) => All.FirstOrDefault(state => state.ToString() == text);

    public override string ToString() => Outcome?.ToString().ToLowerInvariant() ?? (IsCached ? "cached" : "open");
}
