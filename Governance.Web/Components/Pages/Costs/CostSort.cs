namespace Governance.Web.Components.Pages.Costs;

/// <summary>By what the table of costs is ordered; in a URL, <c>cost</c> ascends and <c>-cost</c> descends.</summary>
public sealed record CostSort(CostColumn Column, bool Descending)
{
    public static CostSort Default { get; } = new(CostColumn.Cost, Descending: true);

    public static CostSort Parse(string? text) =>
        Enum.TryParse<CostColumn>(text?.TrimStart('-'), ignoreCase: true, out var column) && Enum.IsDefined(column)
            ? new CostSort(column, text![0] == '-')
            : Default;

    /// <summary>What a click on a header asks for: figures start with the largest, names with the first.</summary>
    public CostSort Click(CostColumn column) => column == Column ? this with { Descending = !Descending } : new(column, column != CostColumn.Name);

    public IEnumerable<CostRow> Order(IEnumerable<CostRow> rows)
    {
        if (Column == CostColumn.Name)
        {
            return Descending
                ? rows.OrderByDescending(row => row.Name, StringComparer.CurrentCultureIgnoreCase)
                : rows.OrderBy(row => row.Name, StringComparer.CurrentCultureIgnoreCase);
        }

        var ordered = Descending ? rows.OrderByDescending(Figure) : rows.OrderBy(Figure);
        return ordered.ThenBy(row => row.Name, StringComparer.Ordinal);
    }

    public override string ToString() => (Descending ? "-" : "") + Column.ToString().ToLowerInvariant();

    private decimal Figure(CostRow row) => Column switch
    {
        CostColumn.Change => row.Now.CostNanoUsd - row.Before.CostNanoUsd,
        CostColumn.Requests => row.Now.Requests,
        CostColumn.Tokens => row.Now.Tokens,
        CostColumn.Errors => row.Now.Errors,
        CostColumn.Average => row.Average.NanoUsd,
        _ => row.Now.CostNanoUsd,
    };
}

public enum CostColumn
{
    Name,
    Cost,
    Change,
    Requests,
    Tokens,
    Errors,
    Average,
}
