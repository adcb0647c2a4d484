namespace Governance.Infrastructure.Data;

/// <summary>One page of a list: its rows and, if there are more, the cursor that continues it.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    public const int MaxSize = 500;
    public const int DefaultSize = 50;
}
