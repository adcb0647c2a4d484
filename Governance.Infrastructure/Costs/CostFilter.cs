using System.Linq.Expressions;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Postgres;

namespace Governance.Infrastructure.Costs;

/// <summary>Which ledger entries a figure is made of: those whose call started in the range, and all of what is set.</summary>
public sealed record CostFilter(TimeRange Range)
{
    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? SubjectId { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>Only these members of a dimension; none for all.</summary>
    public CostMembers? Among { get; init; }

    /// <summary>The dimensions that are narrowed to a member or some.</summary>
    internal IEnumerable<CostDimension> Dimensions
    {
        get
        {
            if (TeamId is not null) yield return CostDimension.Team;
            if (ApplicationId is not null) yield return CostDimension.Application;
            if (KeyId is not null) yield return CostDimension.Key;
            if (SubjectId is not null) yield return CostDimension.Person;
            if (Provider is not null) yield return CostDimension.Provider;
            if (Model is not null) yield return CostDimension.Model;
            if (Among is not null) yield return Among.Dimension;
        }
    }

    /// <summary>The entries of a range, whatever else is set.</summary>
    internal static IQueryable<LedgerEntry> Within(GovernanceDbContext db, TimeRange range)
    {
        var (from, to) = range;
        return db.LedgerEntries.InMonthsOf(db, range).Where(entry => entry.StartedAt >= from && entry.StartedAt < to);
    }

    /// <summary>What is set but the range.</summary>
    internal IQueryable<CostFact> Matching(IQueryable<CostFact> facts)
    {
        facts = When(TeamId is not null, fact => fact.TeamId == TeamId!.Value);
        facts = When(ApplicationId is not null, fact => fact.ApplicationId == ApplicationId!.Value);
        facts = When(KeyId is not null, fact => fact.KeyId == KeyId!.Value);
        facts = When(SubjectId is not null, fact => fact.SubjectId == SubjectId!.Value);
        facts = When(Provider is not null, fact => fact.Provider == Provider);
        facts = When(Model is not null, fact => fact.Model == Model);
        return Among is null ? facts : Among.Matching(facts);

        IQueryable<CostFact> When(bool set, Expression<Func<CostFact, bool>> condition) => set ? facts.Where(condition) : facts;
    }
}
