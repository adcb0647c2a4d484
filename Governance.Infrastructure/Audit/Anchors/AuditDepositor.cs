using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Jobs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>
/// Deposits a log's newest checkpoint at a place, and keeps account of how that goes. A streak of failures is one event, one mail to each
/// who can read the log, and waits that grow; its end is an event, too.
/// </summary>
public sealed class AuditDepositor(GovernanceDatabase database, AuditTrail audit, AuditAnchorAlert alert, TimeProvider time, ILogger<AuditDepositor> logger)
{
    private const int MaxRef = 200;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    /// <summary>Deposits if there is something new, and if it is due.</summary>
    /// <param name="organizationId">Whose log.</param>
    /// <param name="anchor">Where.</param>
    /// <param name="atOnce">Whether it is due in any case.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>None if nothing was tried.</returns>
    internal async Task<AnchorReply?> DepositAsync(Guid organizationId, IAuditAnchor anchor, bool atOnce, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        if (await db.LastCheckpointAsync(cancellation) is not { } checkpoint) return null;
        var last = await db.LastDepositAsync(anchor, cancellation);
        if (last?.Size >= checkpoint.Size) return null;
        var state = await db.StateOfAsync(anchor, cancellation);
        if (!atOnce && !IsDue(anchor, last, state)) return null;

        var reply = await TryAsync(db, anchor, checkpoint, cancellation);
        if (reply.Error is { } error)
        {
            Log.DepositFailed(logger, anchor.Kind, organizationId, error);
            await RecordFailureAsync(anchor, checkpoint, reply, cancellation);
            return reply;
        }

        db.AuditDeposits.Add(new AuditDeposit
        {
            OrganizationId = organizationId,
            Kind = anchor.Kind,
            Target = anchor.Target,
            Size = checkpoint.Size,
            Root = checkpoint.Root,
            At = time.GetUtcNow(),
            Receipt = reply.Receipt,
        });
        if (state?.FailingSince is { } since)
        {
            Record(db, anchor, checkpoint, "audit.anchor_recovered", new { anchor.Kind, anchor.Target, checkpoint.Size, failingSince = since, state.Attempts });
            (state.FailingSince, state.Attempts, state.NextAttemptAt, state.Error) = (null, 0, null, null);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
            return reply;
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return null; // Another process deposited the same one at this moment, which came out the same.
        }
    }

    private bool IsDue(IAuditAnchor anchor, AuditDeposit? last, AuditAnchorState? state)
    {
        var now = time.GetUtcNow();
        return state?.NextAttemptAt is { } next ? now >= next : last is null || now - last.At >= anchor.Every;
    }

    private static async Task<AnchorReply> TryAsync(GovernanceDbContext db, IAuditAnchor anchor, AuditCheckpoint checkpoint, CancellationToken cancellation)
    {
        try
        {
            return await anchor.DepositAsync(db, checkpoint, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return AnchorReply.Failed(exception.Message);
        }
    }

    /// <summary>In a context of its own: what the attempt left in the other one must not be saved.</summary>
    private async Task RecordFailureAsync(IAuditAnchor anchor, AuditCheckpoint checkpoint, AnchorReply reply, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var error = reply.Error!.Length <= AuditDepositConfiguration.MaxError ? reply.Error : reply.Error[..AuditDepositConfiguration.MaxError];
        await using var db = database.ForOrganization(checkpoint.OrganizationId);
        var state = await db.StateOfAsync(anchor, cancellation)
            ?? db.AuditAnchorStates.Add(new AuditAnchorState { OrganizationId = checkpoint.OrganizationId, Kind = anchor.Kind, Target = anchor.Target }).Entity;
        var isNew = state.FailingSince is null;
        state.FailingSince ??= now;
        state.Attempts++;
        state.NextAttemptAt = now + Backoff.After(state.Attempts, FirstRetry, LongestRetry);
        state.Error = error;
        var isNewContradiction = reply.Contradicts && !(state.ContradictedAt >= state.FailingSince);
        if (isNewContradiction) state.ContradictedAt = now;
        if (isNew || isNewContradiction)
        {
            var action = reply.Contradicts ? "audit.anchor_contradicted" : "audit.anchor_failed";
            Record(db, anchor, checkpoint, action, new { anchor.Kind, anchor.Target, checkpoint.Size, error }, AuditOutcome.Failure);
            await alert.SendAsync(db, anchor, reply, error, cancellation);
        }

        await db.SaveChangesAsync(cancellation);
    }

    private void Record(
        GovernanceDbContext db, IAuditAnchor anchor, AuditCheckpoint checkpoint, string action, object details, AuditOutcome outcome = AuditOutcome.Success) =>
        audit.Record(
            db, Actor.System(checkpoint.OrganizationId), action, "audit_anchor", anchor.Target.Length <= MaxRef ? anchor.Target : anchor.Target[..MaxRef], details, outcome);
}
