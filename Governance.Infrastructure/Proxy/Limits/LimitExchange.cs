using System.Data.Common;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>
/// Shares limits among the processes on one PostgreSQL, beside the calls. Exchanges of all processes happen one after the other, so that each sees
/// exactly what the others hold; ADR 0018 says why that is enough. What a process gives up it gives up before the others read so, and what it gets
/// it uses once that is committed: wherever an exchange fails, shares stay as they were or smaller.
/// </summary>
public sealed class LimitExchange(
    GovernanceDatabase database, LimitBooks books, ProcessRegistry process, TimeProvider time, IOptions<LimitOptions> options, IOptions<ProcessOptions> processes,
    ILogger<LimitExchange> logger) : IJob, IHostedService, IDisposable
{
    /// <summary>A process that has said nothing for so long has no part any more; what it said it used counts on.</summary>
    internal static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(5);

    /// <summary>Somebody who joins does not wait for those that have been silent for so long.</summary>
    internal static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(1.5);

    /// <summary>What was used in a window counts for that long.</summary>
    private static readonly TimeSpan Counted = SlidingWindow.Width + TimeSpan.FromSeconds(1);

    private readonly LimitNeighbours _neighbours = new();
    private readonly Dictionary<QuotaKey, LimitShare> _said = [];
    private readonly SemaphoreSlim _one = new(1);
    private long _read;
    private bool _failing;
    private bool _repeat;
    private bool _left;

    public string Name => "limit-exchange";

    public TimeSpan Interval => database.Provider == DatabaseProvider.Sqlite ? TimeSpan.FromHours(1) : options.Value.ExchangeInterval;

    public JobScope Scope => JobScope.EveryProcess;

    /// <summary>What other processes use of a limit.</summary>
    internal IReadOnlyCollection<LimitShare> Elsewhere(Guid organizationId)
    {
        lock (_neighbours) return [.. _neighbours.All.Where(share => share.OrganizationId == organizationId)];
    }

    /// <summary>One exchange. An unreachable database is told once; the shares stay as they are.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (database.Provider == DatabaseProvider.Sqlite) return;
        await _one.WaitAsync(cancellation);
        try
        {
            if (!_left) await ExchangeAsync(cancellation);
            _failing = false;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or DbUpdateException or InvalidOperationException { InnerException: DbException })
        {
            if (!_failing) Log.LimitsNotExchanged(logger, exception);
            (_failing, _repeat) = (true, true); // Nobody knows whether it was committed, so all of it is said again.
        }
        finally
        {
            _one.Release();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Says what it used to the last, and leaves its part to the others.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (database.Provider == DatabaseProvider.Sqlite) return;
        await RunAsync(cancellationToken);
        await _one.WaitAsync(cancellationToken);
        try
        {
            _left = true;
            books.Members = Membership.Outside;
            await using var db = database.AcrossOrganizations();
            await db.LimitMembers.Where(member => member.InstanceId == process.InstanceId).ExecuteDeleteAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            // It is taken for gone soon anyway.
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await LimitTables.EnterAsync(db, cancellation);
        var now = time.GetUtcNow();

        // 1. Who is there? Those that are gone are removed; this process joins if it is not among the rest.
        var rows = await db.LimitMembers.AsNoTracking().ToListAsync(cancellation);
        var sequence = Math.Max(_read, rows.Select(row => row.Sequence).DefaultIfEmpty().Max()) + 1;
        var before = rows.Find(row => row.InstanceId == process.InstanceId);
        if (before is null) books.Members = Membership.Outside;
        var me = new LimitMember { InstanceId = process.InstanceId, JoinedIn = before?.JoinedIn ?? sequence, Sequence = sequence, SeenAt = now };
        var living = rows.Where(row => row.InstanceId != me.InstanceId && row.SeenAt >= now - GoneAfter).Append(me).ToList();
        await LimitTables.KeepMembersAsync(db, me, living, cancellation);
        var members = LimitMembers.Of(living, me, now - SilentAfter);
        var grows = members.Own.Active && (!books.Members.Active || members.Count < books.Members.Count);
        if (!grows) books.Members = members.Own;

        // 2. What do the others say?
        var read = await db.LimitShares.AsNoTracking().Where(share => share.InstanceId != me.InstanceId && share.Sequence > _read).ToListAsync(cancellation);
        lock (_neighbours)
        {
            _neighbours.Add(read);
            _neighbours.Prune(share => members.Others.ContainsKey(share.InstanceId) || Counts(share, now));
        }

        // 3. What follows for this process? Less at once, more after the commit.
        var (said, raised) = Decide(members, sequence, now);
        foreach (var share in said) _said[share.Key] = share;
        await LimitTables.SayAsync(db, said, cancellation);
        await LimitTables.PurgeAsync(db, [.. living.Select(member => member.InstanceId)], now - Counted, now - processes.Value.DeadAfter, cancellation);
        await transaction.CommitAsync(cancellation);

        (_read, books.Members, _repeat) = (sequence, members.Own, false);
        foreach (var (book, caps) in raised) book.Set(caps);
        foreach (var share in said)
        {
            if (share.SaysNothing) _said.Remove(share.Key);
        }
    }

    /// <summary>What a dead process used counts until its window is over, and its calls until it is known to be dead.</summary>
    private bool Counts(LimitShare share, DateTimeOffset now) =>
        share.SaidAt >= now - (share.Metric == LimitMetric.Concurrent ? processes.Value.DeadAfter : Counted);

    private (List<LimitShare> Said, List<(LimitBook, List<(Quota, long?)>)> Raised) Decide(LimitMembers members, long sequence, DateTimeOffset now)
    {
        // Where others have or want more than their part, this process may have less than its own, even if it has not counted anything yet.
        foreach (var share in _neighbours.All)
        {
            if (share.Claim is not null || share.Want > 0 || !members.Others.ContainsKey(share.InstanceId))
                books.Of(share.OrganizationId).Ensure(share.Scope, share.ScopeId, share.Metric, share.Limit, now);
        }

        var said = new List<LimitShare>();
        var raised = new List<(LimitBook, List<(Quota, long?)>)>();
        var seen = new HashSet<QuotaKey>();
        foreach (var (organization, book) in books.All)
        {
            var more = new List<(Quota, long?)>();
            book.ForEach((who, quota) =>
            {
                var key = new QuotaKey(organization, who.Scope, who.ScopeId, quota.Metric);
                var cap = Decide(key, quota, members, now, more);
                seen.Add(key);
                var share = Say(key, quota, cap, members, sequence, now);
                if (_said.TryGetValue(key, out var last) ? _repeat || !share.SaysTheSame(last) : !share.SaysNothing) said.Add(share);
            });
            if (more.Count > 0) raised.Add((book, more));
        }

        foreach (var (key, last) in _said)
        {
            if (!seen.Contains(key)) said.Add(Silence(key, last.Limit, sequence, now));
        }

        return (said, raised);
    }

    /// <returns>The most that may be used; none for the even part.</returns>
    private long? Decide(QuotaKey key, Quota quota, LimitMembers members, DateTimeOffset now, List<(Quota, long?)> raised)
    {
        var need = quota.Need(now, members.Own);
        var elsewhere = _neighbours.Of(key);
        quota.UsedElsewhere = elsewhere.Sum(share => share.Used);
        quota.FreesElsewhereAt = elsewhere.Where(share => share.FreesAt > now).Min(share => share.FreesAt);
        var next = need.NextCap(_neighbours.ClaimsOn(key, need.Limit, members), members.MayGrow);
        long? cap = next == need.Part && need.Used <= need.Part && (need.Want == 0 || members.Others.Count == 0) ? null : next;
        if (next > need.Cap) raised.Add((quota, cap));
        else quota.Cap = cap;
        return cap;
    }

    /// <summary>
    /// What others need to know: claims and wants always, use where somebody may look at it or it is near its end. Many persons and addresses that
    /// use little of their limits would be much to tell.
    /// </summary>
    private LimitShare Say(QuotaKey key, Quota quota, long? cap, LimitMembers members, long sequence, DateTimeOffset now)
    {
        var need = quota.Need(now, members.Own);
        var tells = cap is not null || need.Want > 0 || key.Scope is LimitScope.Key or LimitScope.Application or LimitScope.Team || need.Used * 2 >= need.Part;
        if (!tells) return Silence(key, quota.Limit, sequence, now);
        return new LimitShare
        {
            OrganizationId = key.OrganizationId,
            Scope = key.Scope,
            ScopeId = key.ScopeId,
            Metric = key.Metric,
            InstanceId = process.InstanceId,
            Limit = quota.Limit,
            Claim = cap,
            Used = need.Used,
            Want = need.Want,
            WantOne = need.WantOne,
            FreesAt = quota.FreesAt(now),
            Sequence = sequence,
            SaidAt = now,
        };
    }

    private LimitShare Silence(QuotaKey key, long limit, long sequence, DateTimeOffset now) => new()
    {
        OrganizationId = key.OrganizationId,
        Scope = key.Scope,
        ScopeId = key.ScopeId,
        Metric = key.Metric,
        InstanceId = process.InstanceId,
        Limit = limit,
        Sequence = sequence,
        SaidAt = now,
    };
}
