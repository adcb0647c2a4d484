using Governance.Infrastructure.DeadLetters;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.DeadLetters;

/// <summary>How work and its age are called.</summary>
internal static class DeadLetterWords
{
    public static string Of(DeadLetterState state) => state switch
    {
        DeadLetterState.Stopped => "Needs a look",
        DeadLetterState.Working => "Being worked on",
        _ => state.ToString(),
    };

    /// <summary>An age in its largest unit: 40 s, 12 min, 5 h, 3 days.</summary>
    public static string Age(Formats formats, TimeSpan age) =>
        age.TotalDays >= 2 ? $"{formats.Count((long)age.TotalDays)} days"
        : age.TotalHours >= 1 ? $"{formats.Count((long)age.TotalHours)} h"
        : age.TotalMinutes >= 1 ? $"{formats.Count((long)age.TotalMinutes)} min"
        : $"{formats.Count((long)Math.Max(0, age.TotalSeconds))} s";

    public static string Items(Formats formats, long count) => $"{formats.Count(count)} {(count == 1 ? "item" : "items")}";

    /// <summary>What a bulk operation does, at the start of a sentence.</summary>
    public static string Doing(DeadLetterBulkAction action) => action == DeadLetterBulkAction.Retry ? "Retrying" : "Discarding";
}
