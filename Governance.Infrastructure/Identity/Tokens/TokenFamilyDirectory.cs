using System.Collections.Concurrent;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Tells whether a family of tokens still lives, and remembers it for a moment: an access token is checked at each call.</summary>
public sealed class TokenFamilyDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A family ended in another process still works here for at most this long.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Guid, Known> _cache = new();
    private readonly Lock _changing = new();
    private long _forgotten;

    /// <summary>How many families are kept; at more, all are read anew.</summary>
    internal int Capacity { get; init; } = 100_000;

    internal int Count => _cache.Count;

    /// <summary>
    /// Whether the family was neither ended nor outlived, its person is not disabled, and nothing has changed the person's security stamp
    /// since the sign-in.
    /// </summary>
    public async ValueTask<bool> IsFamilyAliveAsync(Guid familyId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(familyId, out var cached) && now - cached.ReadAt < Freshness) return now < cached.AliveUntil;

        var forgotten = Volatile.Read(ref _forgotten);
        await using var db = database.AcrossOrganizations();
        var row = await (
            from family in db.RefreshTokenFamilies
            join person in db.Users on family.PersonId equals person.Id
            where family.Id == familyId && person.DisabledAt == null
            select new { Family = family, person.SecurityStamp }).AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (row is null) return false;

        var alive = row.Family.IsAlive(row.SecurityStamp, now);
        Keep(familyId, new Known(row.Family.PersonId, alive ? row.Family.ExpiresAt : DateTimeOffset.MinValue, now), forgotten);
        return alive;
    }

    /// <summary>
    /// To be called after a person was disabled, changed the password or the like, and that was committed: in this process the next call
    /// with a token of theirs reads anew; others do within seconds.
    /// </summary>
    public void ForgetPerson(Guid personId)
    {
        lock (_changing)
        {
            _forgotten++;
            foreach (var (familyId, known) in _cache)
            {
                if (known.PersonId == personId) _cache.TryRemove(familyId, out _);
            }
        }
    }

    internal void Forget(Guid familyId)
    {
        lock (_changing)
        {
            _forgotten++;
            _cache.TryRemove(familyId, out _);
        }
    }

    /// <summary>A family that was read before one was forgotten may be the old state of just that one, and is not kept.</summary>
    private void Keep(Guid familyId, Known known, long forgotten)
    {
        lock (_changing)
        {
            if (_forgotten != forgotten) return;
            if (_cache.Count >= Capacity) _cache.Clear();
            _cache[familyId] = known;
        }
    }

    private readonly record struct Known(Guid PersonId, DateTimeOffset AliveUntil, DateTimeOffset ReadAt);
}
