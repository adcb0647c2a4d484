using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>
/// Gives the signing key a successor in time: published half a day before it signs, so that whoever keeps a copy of the key set has
/// it by then. Removes keys with which nothing can be signed any more.
/// </summary>
internal sealed class SigningKeyRotationJob(
    GovernanceDatabase database,
    SigningKeyVault vault,
    SigningKeyRing ring,
    TimeProvider time,
    IOptions<ApiTokenOptions> options,
    ILogger<SigningKeyRotationJob> logger) : IJob
{
    /// <summary>How long a key is published before it signs.</summary>
    internal static readonly TimeSpan PublishedAhead = TimeSpan.FromHours(12);

    public string Name => "signing-key-rotation";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await ring.PublishedAsync(cancellation); // Makes the first key if there is none.

        var now = time.GetUtcNow();
        await using var db = database.AcrossOrganizations();
        var newest = await db.SigningKeys.OrderBy(key => key.Generation).LastAsync(cancellation);
        if (newest.ActivatesAt + options.Value.SigningKeyLifetime - PublishedAhead <= now) await AddSuccessorAsync(db, newest, now, cancellation);

        var unpublished = now - SigningKeyRing.PublishedAfter;
        await db.SigningKeys.Where(key => key.RetiresAt <= unpublished).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>A key that is over its time, because nothing ran for long, goes on signing until its successor has been published long enough.</summary>
    private async Task AddSuccessorAsync(GovernanceDbContext db, SigningKey newest, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = newest.ActivatesAt + options.Value.SigningKeyLifetime;
        var earliest = now + PublishedAhead;
        var successor = vault.Create(newest.Generation + 1, due > earliest ? due : earliest);
        newest.RetiresAt = successor.ActivatesAt;
        db.SigningKeys.Add(successor);
        try
        {
            await db.SaveChangesAsync(cancellation);
            Log.SigningKeyCreated(logger, successor.Kid, successor.Generation, successor.ActivatesAt);
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            // A process that had lost the lease without knowing made the same generation.
        }
    }
}
