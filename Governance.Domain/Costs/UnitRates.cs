namespace Governance.Domain.Costs;

/// <summary>What a piece of each class costs, in nano-dollars; what has no rate is not charged.</summary>
/// <param name="Request">A request the provider worked on, whatever it used.</param>
/// <param name="Image">An image made.</param>
/// <param name="AudioSecond">A second of audio; parts of a second are charged as parts.</param>
/// <param name="Search">A search that the provider ran.</param>
/// <param name="ToolCall">A call of another tool that the provider ran.</param>
public sealed record UnitRates(long? Request = null, long? Image = null, long? AudioSecond = null, long? Search = null, long? ToolCall = null)
{
    /// <summary>A price by tokens alone.</summary>
    public static UnitRates None { get; } = new();

    public long? For(UnitClass unitClass) => unitClass switch
    {
        UnitClass.Request => Request,
        UnitClass.Image => Image,
        UnitClass.AudioSecond => AudioSecond,
        UnitClass.Search => Search,
        UnitClass.ToolCall => ToolCall,
        _ => throw new ArgumentOutOfRangeException(nameof(unitClass), unitClass, "No such unit class."),
    };
}
