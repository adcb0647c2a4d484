namespace Governance.Web.Components.Shared;

/// <summary>A page of a list, by its cursor; the cursors of the pages before it lead back.</summary>
public sealed record PagePlace(string? Cursor, string Trail)
{
    /// <summary>Beyond this many pages back, one starts again from the newest: a URL should stay a URL.</summary>
    private const int MaxTrail = 15;
    private const char Separator = '.';

    public static PagePlace First { get; } = new(null, "");

    public bool IsFirst => Cursor is null;

    public static PagePlace Parse(string? cursor, string? trail) => string.IsNullOrEmpty(cursor) ? First : new(cursor, trail ?? "");

    public PagePlace Older(string next) => Cursor is null
        ? new(next, "")
        : new(next, string.Join(Separator, Steps().Append(Cursor).TakeLast(MaxTrail)));

    public PagePlace Newer()
    {
        var steps = Steps();
        return steps.Length == 0 ? First : new(steps[^1], string.Join(Separator, steps[..^1]));
    }

    public IEnumerable<(string Name, string? Value)> Query() => [("cursor", Cursor), ("trail", Trail.Length == 0 ? null : Trail)];

    private string[] Steps() => Trail.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
}
