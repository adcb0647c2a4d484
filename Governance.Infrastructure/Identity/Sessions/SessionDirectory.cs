using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Sessions;

/// <summary>Answers at every request, and in every open page, whether a session still holds.</summary>
public sealed class SessionDirectory(GovernanceDatabase database, AccessDirectory access, SettingsDirectory settings, TimeProvider time)
{
    /// <summary>A session ended in another process still holds here for at most this long.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private readonly FreshCache<Guid, PersonSession?> _cache = new(time, Freshness) { Capacity = 50_000 };

    /// <summary>The session, if it holds: not ended, within its limits, and its person not disabled.</summary>
    /// <param name="sessionId">Which.</param>
    /// <param name="active">Whether the person does something just now, which keeps the session from going idle.</param>
    /// <param name="cancellation">Stops the look-up.</param>
    public async ValueTask<PersonSession?> FindAsync(Guid sessionId, bool active, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await _cache.GetAsync(sessionId, ReadAsync, cancellation) is not { } session) return null;
        if (!session.Holds(now, await settings.GetAsync(session.OrganizationId, cancellation))) return null;
        if (await access.FindAsync(session.PersonId, cancellation) is not { IsDisabled: false }) return null;
        if (active && now - session.LastSeenAt >= SeenEvery) await SeenAsync(session, now, cancellation);
        return session;
    }

    /// <summary>To be called after sessions were changed in the database.</summary>
    internal void Forget() => _cache.Forget();

    private async Task<PersonSession?> ReadAsync(Guid sessionId)
    {
        await using var db = database.AcrossOrganizations();
        return await db.Sessions.AsNoTracking().SingleOrDefaultAsync(session => session.Id == sessionId);
    }

    private async Task SeenAsync(PersonSession session, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        await db.Sessions.Where(row => row.Id == session.Id && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, now), cancellation);
        session.LastSeenAt = now;
    }
}
