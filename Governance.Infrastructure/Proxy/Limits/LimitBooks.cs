using System.Collections.Concurrent;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>What is counted in this process, by organisation.</summary>
public sealed class LimitBooks(GovernanceDatabase database, TimeProvider time, IOptions<LimitOptions> options) : IJob
{
    private readonly ConcurrentDictionary<Guid, LimitBook> _books = new();
    private volatile Membership _members = database.Provider == DatabaseProvider.Sqlite ? Membership.Alone : Membership.Outside;

    public string Name => "limit-sweep";

    public TimeSpan Interval => TimeSpan.FromSeconds(15);

    public JobScope Scope => JobScope.EveryProcess;

    /// <summary>Who shares the limits. A SQLite file has one process.</summary>
    internal Membership Members
    {
        get => _members;
        set => _members = value;
    }

    internal IEnumerable<KeyValuePair<Guid, LimitBook>> All => _books;

    internal LimitBook Of(Guid organizationId) => _books.GetOrAdd(organizationId, _ => new LimitBook(options.Value.MaxCounters));

    public Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var book in _books.Values) book.Sweep(now);
        return Task.CompletedTask;
    }
}
