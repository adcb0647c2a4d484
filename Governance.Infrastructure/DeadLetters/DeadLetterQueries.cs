using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Work that waits or failed, as pages and the API show it. Who may not see it finds nothing.</summary>
public sealed class DeadLetterQueries(GovernanceDatabase database, AccessControl access, WorkKinds kinds, TimeProvider time)
{
    /// <summary>The most groups that are listed; what has more has no pattern.</summary>
    public const int MaxGroups = 50;

    private const string Permission = Permissions.DeadLettersRead;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<DeadLetterSummary> SummaryAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permission, cancellation)) return new DeadLetterSummary(0, 0, 0, 0, 0, null, null);
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await db.WorkItems
            .GroupBy(item => new { item.State, IsLocked = item.LockedUntil != null && item.LockedUntil >= now, IsDue = item.DueAt <= now })
            .Select(group => new { group.Key, Count = group.LongCount(), Oldest = group.Min(item => item.CreatedAt) }).ToListAsync(cancellation);
        var stopped = rows.Where(row => row.Key.State != WorkState.Waiting).ToList();
        var idle = rows.Where(row => row.Key is { State: WorkState.Waiting, IsLocked: false }).ToList();
        return new DeadLetterSummary(
            idle.Sum(row => row.Count),
            idle.Where(row => row.Key.IsDue).Sum(row => row.Count),
            rows.Where(row => row.Key.IsLocked).Sum(row => row.Count),
            stopped.Where(row => row.Key.State == WorkState.Quarantined).Sum(row => row.Count),
            stopped.Where(row => row.Key.State == WorkState.Manual).Sum(row => row.Count),
            stopped.Count == 0 ? null : stopped.Min(row => row.Oldest),
            await db.DeadLetterAlarms.AsNoTracking().SingleOrDefaultAsync(cancellation));
    }

    /// <summary>What matches by what its errors have in common, the largest first.</summary>
    public async Task<IReadOnlyList<DeadLetterGroup>> GroupsAsync(Actor actor, DeadLetterFilter filter, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permission, cancellation)) return [];
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var groups = await filter.Narrow(db.WorkItems, now)
            .GroupBy(item => new { item.Kind, item.ErrorPattern, item.State, IsLocked = item.LockedUntil != null && item.LockedUntil >= now })
            .Select(group => new { group.Key, Count = group.LongCount(), Oldest = group.Min(item => item.CreatedAt), Newest = group.Max(item => item.CreatedAt) })
            .OrderByDescending(group => group.Count).Take(MaxGroups).ToListAsync(cancellation);
        return
        [
            .. groups.Select(group => new DeadLetterGroup(group.Key.Kind, group.Key.ErrorPattern, StateOf(group.Key.State, group.Key.IsLocked), group.Count, group.Oldest, group.Newest))
                .OrderByDescending(group => group.Count).ThenBy(group => group.Kind, StringComparer.Ordinal).ThenBy(group => group.Pattern, StringComparer.Ordinal),
        ];
    }

    public async Task<long> CountAsync(Actor actor, DeadLetterFilter filter, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permission, cancellation)) return 0;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await filter.Narrow(db.WorkItems, time.GetUtcNow()).LongCountAsync(cancellation);
    }

    /// <summary>What matches, newest first.</summary>
    public async Task<Page<DeadLetterRow>> ListAsync(Actor actor, DeadLetterFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permission, cancellation)) return new Page<DeadLetterRow>([], null);
        size = Math.Clamp(size, 1, Page<DeadLetterRow>.MaxSize);
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var query = filter.Narrow(db.WorkItems.AsNoTracking(), now);
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var after)) return new Page<DeadLetterRow>([], null);
            query = query.Where(row => row.CreatedAt < after.At || (row.CreatedAt == after.At && row.Id < after.Id));
        }

        var rows = await Project(query.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(size + 1), now).ToListAsync(cancellation);
        var next = rows.Count > size ? new PageCursor(rows[size - 1].CreatedAt, rows[size - 1].Id).ToString() : null;
        return new Page<DeadLetterRow>([.. rows.Take(size)], next);
    }

    /// <returns>None if there is no such item any more, or it is none of the actor's business.</returns>
    public async Task<DeadLetterDetail?> FindAsync(Actor actor, Guid itemId, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permission, cancellation)) return null;
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.WorkItems.AsNoTracking().SingleOrDefaultAsync(row => row.Id == itemId, cancellation) is not { } item) return null;
        var traits = kinds.TraitsOf(item.Kind);
        var waiting = await db.ApprovalRequests.AsNoTracking()
            .Where(request => request.State == ApprovalState.Pending && request.ExpiresAt > now && (request.Kind == DeadLetterEditProposal.KindName || request.Kind == DeadLetterDiscardProposal.KindName))
            .ToListAsync(cancellation);
        return new DeadLetterDetail(
            Project(new[] { item }.AsQueryable(), now).Single(),
            traits,
            traits.ShowsPayload ? Pretty(item.Payload) : null,
            [.. item.History.Reverse()],
            [.. waiting.Where(request => request.Payload.Contains(itemId.ToString(), StringComparison.OrdinalIgnoreCase)).Select(request => request.PublicId)]);
    }

    /// <summary>What is being done to many items, or was in the last hour; newest first.</summary>
    public async Task<IReadOnlyList<DeadLetterBulk>> BulksAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permission, cancellation)) return [];
        var since = time.GetUtcNow().AddHours(-1);
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.DeadLetterBulks.AsNoTracking()
            .Where(bulk => bulk.State == DeadLetterBulkState.Running || bulk.EndedAt >= since)
            .OrderByDescending(bulk => bulk.RequestedAt).ThenByDescending(bulk => bulk.Id).Take(10).ToListAsync(cancellation);
    }

    internal static string Pretty(string payload)
    {
        try
        {
            return JsonNode.Parse(payload)?.ToJsonString(Indented) ?? payload;
        }
        catch (JsonException)
        {
            return payload;
        }
    }

    private static DeadLetterState StateOf(WorkState state, bool isLocked) =>
        isLocked ? DeadLetterState.Working
        : state == WorkState.Quarantined ? DeadLetterState.Quarantined
        : state == WorkState.Manual ? DeadLetterState.Manual
        : DeadLetterState.Waiting;

    private static IQueryable<DeadLetterRow> Project(IQueryable<WorkItem> items, DateTimeOffset now) => items.Select(item => new DeadLetterRow
    {
        Id = item.Id,
        Kind = item.Kind,
        State = item.LockedUntil != null && item.LockedUntil >= now ? DeadLetterState.Working
            : item.State == WorkState.Quarantined ? DeadLetterState.Quarantined
            : item.State == WorkState.Manual ? DeadLetterState.Manual
            : DeadLetterState.Waiting,
        Cause = item.Cause,
        CreatedAt = item.CreatedAt,
        DueAt = item.DueAt,
        StoppedAt = item.QuarantinedAt,
        Attempts = item.Attempts,
        Error = item.LastError,
        Pattern = item.ErrorPattern,
        Version = item.Version,
    });
}
