namespace Governance.Domain.Privacy;

/// <summary>What of a call is kept.</summary>
public enum CapturedSides
{
    Both,
    Prompts,
    Completions,
}

/// <summary>A rule about which calls' content is kept, without what administers it.</summary>
/// <param name="ApplicationId">The application; none for all of them.</param>
/// <param name="DataClass">The class of data that a key may send; none for all of them.</param>
/// <param name="Sides">What is kept.</param>
/// <param name="RetentionDays">For how many days.</param>
/// <param name="Enabled">Whether anything is kept. A rule that is off is an exception: where it decides, nothing is.</param>
public sealed record CaptureChoice(Guid? ApplicationId, string? DataClass, CapturedSides Sides, int RetentionDays, bool Enabled)
{
    public const int MinDays = 1;
    public const int MaxDays = 365;

    public bool KeepsPrompts => Sides != CapturedSides.Completions;

    public bool KeepsCompletions => Sides != CapturedSides.Prompts;

    private int Specificity => (ApplicationId is null ? 0 : 2) + (DataClass is null ? 0 : 1);

    /// <summary>
    /// The rule that decides about a call: the most specific that covers it, where an application counts for more than a class of data.
    /// </summary>
    /// <returns>None if nothing is to be kept: no rule covers the call, or the one that decides is off.</returns>
    public static CaptureChoice? For(IEnumerable<CaptureChoice> rules, Guid? applicationId, string? dataClass)
    {
        var decides = rules.Where(rule => rule.Covers(applicationId, dataClass)).MaxBy(rule => rule.Specificity);
        return decides is { Enabled: true } ? decides : null;
    }

    private bool Covers(Guid? applicationId, string? dataClass) =>
        (ApplicationId is null || ApplicationId == applicationId) && (DataClass is null || DataClass == dataClass);
}
