namespace Governance.Infrastructure.Costs;

/// <summary>Some members of one dimension.</summary>
/// <param name="Dimension">Which; neither days nor hours.</param>
/// <param name="Keys">The members; what has none in that dimension is one, too.</param>
public sealed record CostMembers(CostDimension Dimension, IReadOnlyList<CostKey> Keys)
{
    internal IQueryable<CostFact> Matching(IQueryable<CostFact> facts)
    {
        var ids = Keys.Select(key => CostNames.MemberId(Dimension, key) ?? CostFact.None).ToList();
        var names = Keys.Select(key => (Dimension == CostDimension.Provider ? key.Provider : key.Model) ?? "").ToList();
        return Dimension switch
        {
            CostDimension.Team => facts.Where(fact => ids.Contains(fact.TeamId)),
            CostDimension.Application => facts.Where(fact => ids.Contains(fact.ApplicationId)),
            CostDimension.Key => facts.Where(fact => ids.Contains(fact.KeyId)),
            CostDimension.Person => facts.Where(fact => ids.Contains(fact.SubjectId)),
            CostDimension.Provider => facts.Where(fact => names.Contains(fact.Provider)),
            CostDimension.Model => facts.Where(fact => names.Contains(fact.Model)),
            _ => throw new ArgumentOutOfRangeException(nameof(facts), Dimension, "Days and hours are a range."),
        };
    }
}
