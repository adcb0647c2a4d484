using Governance.Domain.Identity.Tokens;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>The signing keys, kept for a few seconds: which one signs, and which ones others may meet. The first is made when it is needed.</summary>
public sealed class SigningKeyRing(GovernanceDatabase database, SigningKeyVault vault, TimeProvider time, ILogger<SigningKeyRing> logger)
{
    /// <summary>Far less than a key is published ahead, so no process meets a key it has not read.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>How long a retired key stays published: as long as the longest token that any configuration allows.</summary>
    internal static readonly TimeSpan PublishedAfter = ApiTokenOptions.LongestAccessTokenLifetime + ApiTokenOptions.LargestClockSkew;

    private volatile Reading? _last;

    /// <summary>The published keys, oldest first: those that sign, will sign, or signed what may still be valid.</summary>
    public async ValueTask<IReadOnlyList<SigningKey>> PublishedAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return [.. (await ReadAsync(now, cancellation)).Where(key => key.RetiresAt is null || now < key.RetiresAt + PublishedAfter)];
    }

    /// <summary>Issues an access token, signed with the key whose turn it is.</summary>
    public async ValueTask<string> SignAsync(AccessTokenClaims claims, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var keys = await ReadAsync(now, cancellation);

        // Where a process with a faster clock has just made the first key, its turn has not come here, and it is taken all the same.
        var turn = keys.LastOrDefault(key => key.ActivatesAt <= now) ?? keys[0];
        using var key = vault.Open(turn);
        return AccessToken.Issue(claims, turn.Kid, key);
    }

    private async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (_last is { } last && now - last.At < Freshness) return last.Keys;

        await using var db = database.AcrossOrganizations();
        var keys = await ReadAsync(db, cancellation);
        if (keys.Count == 0)
        {
            await CreateFirstAsync(now, cancellation);
            keys = await ReadAsync(db, cancellation);
        }

        _last = new Reading(keys, now);
        return keys;
    }

    private static Task<List<SigningKey>> ReadAsync(GovernanceDbContext db, CancellationToken cancellation) =>
        db.SigningKeys.AsNoTracking().OrderBy(key => key.Generation).ToListAsync(cancellation);

    private async Task CreateFirstAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var first = vault.Create(generation: 1, activatesAt: now);
        await using var db = database.AcrossOrganizations();
        db.SigningKeys.Add(first);
        try
        {
            await db.SaveChangesAsync(cancellation);
            Log.SigningKeyCreated(logger, first.Kid, first.Generation, first.ActivatesAt);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            // Somebody else made the first key at this very moment, and that one is taken.
        }
    }

    private sealed record Reading(IReadOnlyList<SigningKey> Keys, DateTimeOffset At);
}
