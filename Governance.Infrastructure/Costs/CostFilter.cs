using System.Linq.Expressions;
using Governance.Infrastructure.Data;

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

    internal IQueryable<LedgerEntry> Apply(IQueryable<LedgerEntry> entries)
    {
        var (from, to) = Range;
        entries = entries.Where(entry => entry.StartedAt >= from && entry.StartedAt < to);
        entries = When(TeamId is not null, entry => entry.TeamId == TeamId);
        entries = When(ApplicationId is not null, entry => entry.ApplicationId == ApplicationId);
        entries = When(KeyId is not null, entry => entry.KeyId == KeyId);
        entries = When(SubjectId is not null, entry => entry.SubjectId == SubjectId);
        entries = When(Provider is not null, entry => entry.Provider == Provider);
        entries = When(Model is not null, entry => entry.Model == Model);
        return entries;

        IQueryable<LedgerEntry> When(bool set, Expression<Func<LedgerEntry, bool>> condition) => set ? entries.Where(condition) : entries;
    }
}
