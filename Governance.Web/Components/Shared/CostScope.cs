using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;

namespace Governance.Web.Components.Shared;

/// <summary>What part of the ledger a page is narrowed to, as its URL says it.</summary>
public sealed record CostScope
{
    public static CostScope Everything { get; } = new();

    public Guid? Team { get; init; }

    public Guid? Application { get; init; }

    public Guid? Key { get; init; }

    public Guid? Person { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public static CostScope Parse(string? team, string? application, string? key, string? person, string? provider, string? model)
    {
        return new CostScope
        {
            Team = Id(team),
            Application = Id(application),
            Key = Id(key),
            Person = Id(person),
            Provider = Text(provider),
            Model = Text(model),
        };

        static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;
        static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
    }

    public CostFilter Over(TimeRange range) => new(range)
    {
        TeamId = Team,
        ApplicationId = Application,
        KeyId = Key,
        SubjectId = Person,
        Provider = Provider,
        Model = Model,
    };

    public IEnumerable<(string Name, string? Value)> Query() =>
    [
        ("team", Team?.ToString("n")),
        ("application", Application?.ToString("n")),
        ("key", Key?.ToString("n")),
        ("person", Person?.ToString("n")),
        ("provider", Provider),
        ("model", Model),
    ];

    /// <summary>Adds the member of a dimension that a sum belongs to; none where the ledger does not know it.</summary>
    public CostScope? Narrow(CostDimension dimension, CostKey key) => dimension switch
    {
        CostDimension.Team when key.TeamId is not null => this with { Team = key.TeamId },
        CostDimension.Application when key.ApplicationId is not null => this with { Application = key.ApplicationId },
        CostDimension.Key when key.KeyId is not null => this with { Key = key.KeyId },
        CostDimension.Person when key.SubjectId is not null => this with { Person = key.SubjectId },
        CostDimension.Provider when key.Provider is not null => this with { Provider = key.Provider },
        CostDimension.Model when key.Model is not null => this with { Model = key.Model },
        _ => null,
    };

    public CostScope Without(CostDimension dimension) => dimension switch
    {
        CostDimension.Team => this with { Team = null },
        CostDimension.Application => this with { Application = null },
        CostDimension.Key => this with { Key = null },
        CostDimension.Person => this with { Person = null },
        CostDimension.Provider => this with { Provider = null },
        CostDimension.Model => this with { Model = null },
        _ => this,
    };

    /// <summary>Whether one member of a dimension is chosen.</summary>
    public bool Has(CostDimension dimension) => Without(dimension) != this;

    /// <summary>What is chosen, as a key whose members can be named.</summary>
    public CostKey ToKey() => new()
    {
        TeamId = Team,
        ApplicationId = Application,
        KeyId = Key,
        SubjectId = Person,
        Provider = Provider,
        Model = Model,
    };

    /// <summary>The dimension worth looking at after a member of another was chosen; none once every one is.</summary>
    public CostDimension? Next(CostDimension after)
    {
        CostDimension[] order = after switch
        {
            CostDimension.Provider => [CostDimension.Model, CostDimension.Team, CostDimension.Application, CostDimension.Key, CostDimension.Person],
            CostDimension.Model or CostDimension.Person =>
                [CostDimension.Team, CostDimension.Application, CostDimension.Key, CostDimension.Model, CostDimension.Person],
            _ => [CostDimension.Application, CostDimension.Key, CostDimension.Model, CostDimension.Person],
        };
        foreach (var dimension in order)
        {
            if (dimension != after && !Implies(dimension)) return dimension;
        }

        return null;
    }

    /// <summary>A key has one application, an application one team: what is chosen leaves one member of the dimension at most.</summary>
    private bool Implies(CostDimension dimension) => dimension switch
    {
        CostDimension.Team => Team is not null || Application is not null || Key is not null,
        CostDimension.Application => Application is not null || Key is not null,
        _ => Has(dimension),
    };
}
