using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Has all that a filter matches tried again or discarded, in the background: <see cref="DeadLetterBulkJob"/> does it piece by piece.</summary>
public sealed class DeadLetterBulkService(AccessControl access, GovernanceDatabase database, WorkKinds kinds, ApprovalService approvals, AuditTrail audit, TimeProvider time)
{
    private const string Permission = Permissions.DeadLettersManage;

    private static readonly Refusal Nothing = Refusal.Conflict("Nothing matches any more.");

    /// <summary>Begins to have all that matches tried again.</summary>
    public async Task<Result<DeadLetterOutcome>> RetryAsync(Actor actor, DeadLetterFilter filter, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, filter, cancellation) is { } refusal) return refusal;
        return await StartAsync(actor, DeadLetterBulkAction.Retry, filter, null, cancellation);
    }

    /// <summary>Begins to discard all that matches. Where money or somebody's privacy is at stake, a second person decides first.</summary>
    public async Task<Result<DeadLetterOutcome>> DiscardAsync(Actor actor, DeadLetterFilter filter, string reason, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, filter, cancellation) is { } refusal) return refusal;
        if (DeadLetterService.CheckReason(reason) is { } unreasoned) return unreasoned;
        await using (var db = database.ForOrganization(actor.OrganizationId))
        {
            var harmless = kinds.Harmless;
            if (await filter.Narrow(db.WorkItems, time.GetUtcNow()).AnyAsync(item => !harmless.Contains(item.Kind), cancellation))
            {
                var proposal = new NewApproval(DeadLetterDiscardProposal.KindName, DeadLetterDiscardProposal.PayloadOf(filter), reason);
                var proposed = await approvals.ProposeAsync(actor, proposal, cancellation);
                return proposed.Succeeded ? new DeadLetterOutcome(0, ApprovalId: proposed.Value.Id) : proposed.Refusal;
            }
        }

        return await StartAsync(actor, DeadLetterBulkAction.Discard, filter, reason, cancellation);
    }

    /// <summary>Stops what is under way. What was done by then stays done.</summary>
    public async Task<Result> CancelAsync(Actor actor, Guid bulkId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        return await database.SeriallyAsync(actor.OrganizationId, async db =>
        {
            if (await db.DeadLetterBulks.SingleOrDefaultAsync(row => row.Id == bulkId, cancellation) is not { } bulk) return Refusal.NotFound("There is no such operation.");
            if (bulk.State != DeadLetterBulkState.Running) return Refusal.Conflict("It has ended already.");
            (bulk.State, bulk.EndedAt) = (DeadLetterBulkState.Cancelled, time.GetUtcNow());
            audit.Record(db, actor, "dead_letter.bulk_cancelled", "dead_letter", bulk.PublicId, new { bulk.Action, bulk.Matched, bulk.Done });
            return Result.Ok;
        }, cancellation);
    }

    /// <summary>Adds an operation to what the context saves next.</summary>
    /// <param name="audit">Where it is recorded.</param>
    /// <param name="db">The context of one organisation.</param>
    /// <param name="actor">Whoever has it done.</param>
    /// <param name="bulk">The operation.</param>
    /// <param name="approval">Who agreed to it, if somebody had to.</param>
    internal static void Add(AuditTrail audit, GovernanceDbContext db, Actor actor, DeadLetterBulk bulk, string? approval)
    {
        db.DeadLetterBulks.Add(bulk);
        audit.Record(db, actor, "dead_letter.bulk_started", "dead_letter", bulk.PublicId, new { bulk.Action, bulk.Filter, bulk.Matched, approval }, about: DeadLetterService.Said(actor, bulk.Reason));
    }

    private async Task<Refusal?> CheckAsync(Actor actor, DeadLetterFilter filter, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        return filter.Text?.Length > 200 || filter.Pattern?.Length > 200 || filter.Kind?.Length > 64 ? Refusal.Invalid(nameof(filter), "This filter is too long.") : null;
    }

    private async Task<Result<DeadLetterOutcome>> StartAsync(
        Actor actor, DeadLetterBulkAction action, DeadLetterFilter filter, string? reason, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var matched = await filter.Narrow(db.WorkItems, now).LongCountAsync(cancellation);
        if (matched == 0) return Nothing;
        var json = DeadLetterBulk.Write(filter);
        if (await db.DeadLetterBulks.AnyAsync(row => row.State == DeadLetterBulkState.Running && row.Action == action && row.FilterJson == json, cancellation))
            return Refusal.Conflict("This very thing is being done already.");
        var bulk = new DeadLetterBulk
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            Action = action,
            FilterJson = json,
            Reason = reason?.Trim(),
            RequestedBy = actor.Kind == ActorKind.Person ? actor.Id : null,
            RequestedAt = now,
            Matched = matched,
        };
        Add(audit, db, actor, bulk, approval: null);
        await db.SaveChangesAsync(cancellation);
        return new DeadLetterOutcome(0, BulkId: bulk.Id);
    }
}
