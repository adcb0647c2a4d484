using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Tells whether a family of tokens still lives, and remembers it for a moment: an access token is checked at each call.</summary>
public sealed class TokenFamilyDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A family ended in another process still works here for at most this long.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FreshCache<Guid, Known?> _cache = new(time, Freshness) { Capacity = 100_000 };

    /// <summary>
    /// Whether the family was neither ended nor outlived, its person is not disabled, and nothing has changed the person's security stamp
    /// since the sign-in.
    /// </summary>
    public async ValueTask<bool> IsFamilyAliveAsync(Guid familyId, CancellationToken cancellation) =>
        await _cache.GetAsync(familyId, ReadAsync, cancellation) is { } known && time.GetUtcNow() < known.AliveUntil;

    /// <summary>
    /// To be called after a person was disabled, changed the password or the like, and that was committed: in this process the next call
    /// with a token of theirs reads anew; others do within seconds.
    /// </summary>
    public void ForgetPerson(Guid personId) => _cache.Forget(known => known?.PersonId == personId);

    internal void Forget(Guid familyId) => _cache.Forget(familyId);

    private async Task<Known?> ReadAsync(Guid familyId)
    {
        await using var db = database.AcrossOrganizations();
        var row = await (
            from family in db.RefreshTokenFamilies
            join person in db.Users on family.PersonId equals person.Id
            where family.Id == familyId && person.DisabledAt == null
            select new { Family = family, person.SecurityStamp }).AsNoTracking().SingleOrDefaultAsync();
        return row is null ? null : new Known(row.Family.PersonId, row.Family.IsAlive(row.SecurityStamp, time.GetUtcNow()) ? row.Family.ExpiresAt : DateTimeOffset.MinValue);
    }

    private sealed record Known(Guid PersonId, DateTimeOffset AliveUntil);
}
