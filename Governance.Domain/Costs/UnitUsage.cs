namespace Governance.Domain.Costs;

/// <summary>What one call used that providers price by the piece, beside its tokens.</summary>
/// <param name="Images">Images made.</param>
/// <param name="AudioMilliseconds">Audio transcribed or made, where it is priced by its length.</param>
/// <param name="Searches">Searches of the web, of maps or of files that the provider ran.</param>
/// <param name="ToolCalls">Other tools that the provider ran, such as code execution.</param>
public readonly record struct UnitUsage(long Images = 0, long AudioMilliseconds = 0, long Searches = 0, long ToolCalls = 0)
{
    public bool Any => this != default;
}
