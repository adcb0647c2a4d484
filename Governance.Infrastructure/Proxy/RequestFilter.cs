using System.Linq.Expressions;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Postgres;

namespace Governance.Infrastructure.Proxy;

/// <summary>Which calls a list shows: those that started in the range, and all of what is set.</summary>
public sealed record RequestFilter(TimeRange Range)
{
    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? SubjectId { get; init; }

    public string? Provider { get; init; }

    /// <summary>The model asked for or the one that answered.</summary>
    public string? Model { get; init; }

    public CallOutcome? Outcome { get; init; }

    /// <summary>Only calls that were answered from the response cache.</summary>
    public bool CachedOnly { get; init; }

    /// <summary>Only calls that have not ended.</summary>
    public bool OpenOnly { get; init; }

    internal IQueryable<Call> Apply(IQueryable<Call> calls, GovernanceDbContext db)
    {
        var (from, to) = Range;
        calls = calls.InMonthsOf(db, Range).Where(call => call.StartedAt >= from && call.StartedAt < to);
        calls = When(TeamId is not null, call => call.TeamId == TeamId);
        calls = When(ApplicationId is not null, call => call.ApplicationId == ApplicationId);
        calls = When(KeyId is not null, call => call.KeyId == KeyId);
        calls = When(SubjectId is not null, call => call.SubjectId == SubjectId);
        calls = When(Provider is not null, call => call.Provider == Provider);

        // Outcomes have an index of their own by call; a question that leaves out that it is about them would be answered from all entries.
        var outcomes = db.LedgerEntries.InMonthsOf(db, Range).Where(entry => entry.RequestCount == 1);
        calls = When(Model is not null, call => call.RequestedModel == Model || outcomes.Any(entry => entry.CallId == call.Id && entry.Model == Model));
        calls = When(Outcome is not null, call => outcomes.Any(entry => entry.CallId == call.Id && entry.Outcome == Outcome));
        calls = When(CachedOnly, call => outcomes.Any(entry => entry.CallId == call.Id && entry.SavedNanoUsd != null));
        calls = When(OpenOnly, call => !outcomes.Any(entry => entry.CallId == call.Id));
        return calls;

        IQueryable<Call> When(bool set, Expression<Func<Call, bool>> condition) => set ? calls.Where(condition) : calls;
    }
}
