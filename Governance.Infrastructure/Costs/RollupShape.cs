namespace Governance.Infrastructure.Costs;

/// <summary>Which dimensions a rollup keeps apart. The numbers are stored.</summary>
public enum RollupShape
{
    /// <summary>None: everything in one.</summary>
    Total = 0,

    Provider = 1,

    /// <summary>Provider and model.</summary>
    Model = 2,

    Team = 3,

    /// <summary>Team and application.</summary>
    Application = 4,

    /// <summary>Team, application and key.</summary>
    Key = 5,

    /// <summary>Team, application and end user.</summary>
    Person = 6,

    /// <summary>What an application uses: team, application, provider and model.</summary>
    Use = 7,

    /// <summary>Every dimension.</summary>
    Detail = 8,
}

/// <summary>How long a rollup's period is. The numbers are stored.</summary>
public enum RollupGrain
{
    Hour = 0,
    Day = 1,
    Month = 2,
}

/// <summary>
/// What shapes keep and of which periods they are. Each that is added costs every call a row to write; the fewer dimensions one keeps, the fewer
/// rows a question has to read.
/// </summary>
internal static class RollupShapes
{
    /// <summary>The smaller ones come first.</summary>
    private static readonly (RollupShape Shape, CostDimension[] Keeps, RollupGrain[] Grains)[] All =
    [
        (RollupShape.Total, [], [RollupGrain.Day, RollupGrain.Month]),

        // Providers and teams only for charts over many days; other questions about them are as quick by their models and applications.
        (RollupShape.Provider, [CostDimension.Provider], [RollupGrain.Day]),
        (RollupShape.Model, [CostDimension.Provider, CostDimension.Model], [RollupGrain.Hour, RollupGrain.Day, RollupGrain.Month]),
        (RollupShape.Team, [CostDimension.Team], [RollupGrain.Day]),
        (RollupShape.Application, [CostDimension.Team, CostDimension.Application], [RollupGrain.Hour, RollupGrain.Day, RollupGrain.Month]),

        // Of what has many members there are no hours: they would outnumber the entries.
        (RollupShape.Key, [CostDimension.Team, CostDimension.Application, CostDimension.Key], [RollupGrain.Day, RollupGrain.Month]),
        (RollupShape.Person, [CostDimension.Team, CostDimension.Application, CostDimension.Person], [RollupGrain.Day, RollupGrain.Month]),
        (RollupShape.Use, [CostDimension.Team, CostDimension.Application, CostDimension.Provider, CostDimension.Model], [RollupGrain.Day, RollupGrain.Month]),
        (RollupShape.Detail,
            [CostDimension.Team, CostDimension.Application, CostDimension.Key, CostDimension.Person, CostDimension.Provider, CostDimension.Model],
            [RollupGrain.Day, RollupGrain.Month]),
    ];

    /// <summary>
    /// By which members rollups of a shape can be found one by one, the most telling first: a question about few of many should not look through
    /// everybody's days.
    /// </summary>
    public static IReadOnlyList<(RollupShape Shape, CostDimension Member)> Indexed { get; } =
    [
        (RollupShape.Application, CostDimension.Application), (RollupShape.Key, CostDimension.Key), (RollupShape.Person, CostDimension.Person),
        (RollupShape.Use, CostDimension.Application), (RollupShape.Detail, CostDimension.Key), (RollupShape.Detail, CostDimension.Person),
    ];

    /// <summary>Every kind of rollup there is.</summary>
    public static IReadOnlyList<(RollupShape Shape, RollupGrain Grain)> Kinds { get; } = [.. All.SelectMany(shape => shape.Grains.Select(grain => (shape.Shape, grain)))];

    /// <summary>The smallest shape that keeps some dimensions apart and has the grains; none if there are no such rollups. Days and hours are not its matter.</summary>
    public static RollupShape? Of(IReadOnlyCollection<CostDimension> dimensions, params IReadOnlyCollection<RollupGrain> grains)
    {
        foreach (var (shape, keeps, has) in All)
        {
            if (dimensions.All(keeps.Contains) && grains.All(has.Contains)) return shape;
        }

        return null;
    }

    public static bool Keeps(RollupShape shape, CostDimension dimension) => All[(int)shape].Keeps.Contains(dimension);

    public static string IndexOf(RollupShape shape, CostDimension member) => $"IX_CostRollups_{shape}_{member}";
}
