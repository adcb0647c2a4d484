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

    internal bool HasDimensions =>
        TeamId is not null || ApplicationId is not null || KeyId is not null || SubjectId is not null || Provider is not null || Model is not null;

    /// <summary>The entries of a range, whatever else is set.</summary>
    internal static IQueryable<LedgerEntry> Within(GovernanceDbContext db, TimeRange range)
    {
        var (from, to) = range;
        return db.LedgerEntries.InMonthsOf(db, range).Where(entry => entry.StartedAt >= from && entry.StartedAt < to);
    }

    /// <summary>What is set but the range.</summary>
    internal IQueryable<CostFact> Matching(IQueryable<CostFact> facts)
    {
        facts = When(TeamId is not null, fact => fact.TeamId == TeamId);
        facts = When(ApplicationId is not null, fact => fact.ApplicationId == ApplicationId);
        facts = When(KeyId is not null, fact => fact.KeyId == KeyId);
        facts = When(SubjectId is not null, fact => fact.SubjectId == SubjectId);
        facts = When(Provider is not null, fact => fact.Provider == Provider);
        facts = When(Model is not null, fact => fact.Model == Model);
        return facts;

        IQueryable<CostFact> When(bool set, Expression<Func<CostFact, bool>> condition) => set ? facts.Where(condition) : facts;
    }
}
