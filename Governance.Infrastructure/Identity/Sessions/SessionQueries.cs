using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Sessions;

/// <summary>A session as lists show it.</summary>
/// <param name="Session">The session.</param>
/// <param name="PersonName">Whose.</param>
/// <param name="PersonEmail">Whose.</param>
/// <param name="IsOpen">Whether it still signs somebody in.</param>
public sealed record SessionRow(PersonSession Session, string PersonName, string PersonEmail, bool IsOpen);

/// <summary>Which sessions a list shows.</summary>
/// <param name="OpenOnly">Leaves out those that are over.</param>
/// <param name="Search">A part of the person's name or mail address.</param>
/// <param name="PersonId">Of one person only.</param>
public sealed record SessionFilter(bool OpenOnly = true, string? Search = null, Guid? PersonId = null);

/// <summary>Sessions as lists: one's own, and with the permission everybody's.</summary>
public sealed class SessionQueries(GovernanceDatabase database, AccessControl access, SettingsDirectory settings, TimeProvider time)
{
    /// <summary>Sessions that ended longer ago than this are left out of one's own list.</summary>
    private static readonly TimeSpan OwnHistory = TimeSpan.FromDays(30);

    private const int MaxOwn = 100;

    /// <summary>The actor's own sessions, open ones first.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListOwnAsync(Actor actor, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - OwnHistory;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await Rows(db).Where(row => row.Session.PersonId == actor.Id && row.Session.LastSeenAt >= since)
            .OrderByDescending(row => row.Session.LastSeenAt).ThenByDescending(row => row.Session.Id)
            .Take(MaxOwn).ToListAsync(cancellation);
        return [.. (await ToRowsAsync(actor, rows, cancellation)).OrderByDescending(row => row.IsOpen)];
    }

    /// <summary>One page of everybody's sessions, those seen last first; an empty one for who may not see them.</summary>
    public async Task<Page<SessionRow>> ListAsync(Actor actor, SessionFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.SessionsRead, cancellation)) return new Page<SessionRow>([], null);
        size = Math.Clamp(size, 1, Page<SessionRow>.MaxSize);
        var limits = await settings.GetAsync(actor.OrganizationId, cancellation);
        var now = time.GetUtcNow();
        var (seenAfter, startedAfter) = (now - limits.SessionIdleLimit, now - limits.SessionAbsoluteLimit);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var query = Rows(db);
        if (filter.PersonId is { } person) query = query.Where(row => row.Session.PersonId == person);
        if (filter.OpenOnly)
            query = query.Where(row => row.Session.EndedAt == null && row.Session.ExpiresAt > now && row.Session.LastSeenAt > seenAfter && row.Session.CreatedAt > startedAfter);
        if (filter.Search is { Length: > 0 } search)
        {
            var part = search.ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // It runs in the database, which knows no culture of ours.
            query = query.Where(row => row.Name.ToUpper().Contains(part) || row.Email.ToUpper().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var after)) return new Page<SessionRow>([], null);
            query = query.Where(row => row.Session.LastSeenAt < after.At || (row.Session.LastSeenAt == after.At && row.Session.Id < after.Id));
        }

        var rows = await query.OrderByDescending(row => row.Session.LastSeenAt).ThenByDescending(row => row.Session.Id).Take(size + 1).ToListAsync(cancellation);
        var next = rows.Count > size ? new PageCursor(rows[size - 1].Session.LastSeenAt, rows[size - 1].Session.Id).ToString() : null;
        return new Page<SessionRow>(await ToRowsAsync(actor, [.. rows.Take(size)], cancellation), next);
    }

    private static IQueryable<Joined> Rows(GovernanceDbContext db) =>
        from session in db.Sessions.AsNoTracking()
        join person in db.Users on session.PersonId equals person.Id
        select new Joined { Session = session, Name = person.DisplayName, Email = person.Email!, Disabled = person.DisabledAt != null };

    private async Task<IReadOnlyList<SessionRow>> ToRowsAsync(Actor actor, IReadOnlyList<Joined> rows, CancellationToken cancellation)
    {
        var limits = await settings.GetAsync(actor.OrganizationId, cancellation);
        var now = time.GetUtcNow();
        return [.. rows.Select(row => new SessionRow(row.Session, row.Name, row.Email, !row.Disabled && row.Session.Holds(now, limits)))];
    }

    private sealed record Joined
    {
        public required PersonSession Session { get; init; }

        public required string Name { get; init; }

        public required string Email { get; init; }

        public required bool Disabled { get; init; }
    }
}
