namespace Governance.Infrastructure.Jobs;

/// <summary>What people may see and do of a kind of work.</summary>
/// <param name="Label">As pages call it: "Booking of a call".</param>
/// <param name="Touches">What is at stake; to edit or discard anything but the harmless needs a second person.</param>
/// <param name="ShowsPayload">Whether its payload may be shown: it holds no secret, nothing about a person, nobody's text.</param>
/// <param name="IsEditable">Whether its payload may be edited.</param>
/// <param name="AtOnce">How many of it a process works on at once; as the options say if none is given.</param>
public sealed record WorkTraits(string Label, WorkTouches Touches, bool ShowsPayload = false, bool IsEditable = false, int? AtOnce = null)
{
    public bool NeedsApproval => Touches != WorkTouches.Nothing;

    /// <summary>What is assumed of work that nobody here knows.</summary>
    public static WorkTraits Unknown(string kind) => new(kind, WorkTouches.Money | WorkTouches.Privacy);
}

/// <summary>What a kind of work is about that matters beyond itself.</summary>
[Flags]
public enum WorkTouches
{
    Nothing = 0,
    Money = 1,
    Privacy = 2,
}
