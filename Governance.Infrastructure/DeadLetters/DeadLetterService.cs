using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Has items that failed tried again, or discards them: those that somebody chose. What a filter matches is for <see cref="DeadLetterBulkService"/>.</summary>
public sealed class DeadLetterService(AccessControl access, GovernanceDatabase database, WorkKinds kinds, ApprovalService approvals, AuditTrail audit, TimeProvider time)
{
    /// <summary>The most items that can be chosen one by one.</summary>
    public const int MaxChosen = Page<DeadLetterRow>.MaxSize;

    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 1000;

    private const string Permission = Permissions.DeadLettersManage;

    internal static Refusal Gone { get; } = Refusal.NotFound("There is no such work any more: it was done or discarded.");

    internal static Refusal Busy { get; } = Refusal.Conflict("This is being worked on at the moment. Look at it again in a few minutes.");

    /// <summary>Has items tried at once, under the same ids and with all their attempts.</summary>
    /// <returns>How many; those that are being worked on at the moment are left alone.</returns>
    public async Task<Result<int>> RetryAsync(Actor actor, IReadOnlyCollection<Guid> itemIds, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, itemIds, cancellation) is { } refusal) return refusal;
        return await database.SeriallyAsync<int>(actor.OrganizationId, async db =>
        {
            var found = await FindAsync(db, itemIds, cancellation);
            if (found.Count == 0) return Gone;
            var done = await Chosen(db, itemIds).RetryAsync(time.GetUtcNow(), cancellation);
            if (done == 0) return Busy;
            audit.Record(db, actor, "dead_letter.retried", "dead_letter", found.Count == 1 ? found[0].PublicId : null,
                new { Count = done, Items = found.Select(item => item.PublicId), Kinds = found.Select(item => item.Kind).Distinct() });
            return done;
        }, cancellation);
    }

    /// <summary>Removes items that will never be done. Where money or somebody's privacy is at stake, a second person decides.</summary>
    public async Task<Result<DeadLetterOutcome>> DiscardAsync(Actor actor, IReadOnlyCollection<Guid> itemIds, string reason, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, itemIds, cancellation) is { } refusal) return refusal;
        if (CheckReason(reason) is { } unreasoned) return unreasoned;
        await using (var db = database.ForOrganization(actor.OrganizationId))
        {
            var found = await FindAsync(db, itemIds, cancellation);
            if (found.Count == 0) return Gone;
            if (found.Any(item => kinds.TraitsOf(item.Kind).NeedsApproval))
            {
                var payload = DeadLetterDiscardProposal.PayloadOf(found.Select(item => item.Id));
                var proposed = await approvals.ProposeAsync(actor, new NewApproval(DeadLetterDiscardProposal.KindName, payload, reason), cancellation);
                return proposed.Succeeded ? new DeadLetterOutcome(0, ApprovalId: proposed.Value.Id) : proposed.Refusal;
            }
        }

        return await database.SeriallyAsync<DeadLetterOutcome>(actor.OrganizationId, async db =>
        {
            var found = await FindAsync(db, itemIds, cancellation);
            var done = await Chosen(db, itemIds).DiscardAsync(time.GetUtcNow(), cancellation);
            if (done < found.Count || done == 0) return Busy;
            foreach (var item in found) Record(audit, db, actor, item, reason, approval: null);
            return new DeadLetterOutcome(done);
        }, cancellation);
    }

    internal static Refusal? CheckReason(string reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason ? Refusal.Invalid(nameof(reason), $"Say why, in 1 to {MaxReason:N0} characters: the audit log keeps it.") : null;

    internal static void Record(AuditTrail audit, GovernanceDbContext db, Actor actor, ChosenItem item, string reason, string? approval) =>
        audit.Record(db, actor, "dead_letter.discarded", "dead_letter", item.PublicId, new { item.Kind, item.Cause, item.CreatedAt, item.Error, approval }, about: Said(actor, reason));

    /// <summary>A person's words may name somebody, so they lie under that person's key, not the organisation's.</summary>
    internal static IReadOnlyList<AboutPerson> Said(Actor actor, string? reason) =>
        actor is { Kind: ActorKind.Person, Id: { } person } && reason is not null ? [new AboutPerson(person, new { reason })] : [];

    internal static Task<List<ChosenItem>> FindAsync(GovernanceDbContext db, IEnumerable<Guid> ids, CancellationToken cancellation) =>
        Chosen(db, ids).OrderBy(item => item.Id).Select(item => new ChosenItem(item.Id, item.Kind, item.Cause, item.CreatedAt, item.LastError)).ToListAsync(cancellation);

    internal static IQueryable<WorkItem> Chosen(GovernanceDbContext db, IEnumerable<Guid> itemIds)
    {
        var ids = itemIds.ToList();
        return db.WorkItems.Where(item => ids.Contains(item.Id));
    }

    private async Task<Refusal?> CheckAsync(Actor actor, IReadOnlyCollection<Guid> itemIds, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        return itemIds.Count is 0 or > MaxChosen ? Refusal.Invalid(nameof(itemIds), $"Choose 1 to {MaxChosen:N0} items.") : null;
    }
}

/// <summary>What the log says of an item.</summary>
internal sealed record ChosenItem(Guid Id, string Kind, string? Cause, DateTimeOffset CreatedAt, string? Error)
{
    public string PublicId => Domain.PublicId.Format(Domain.PublicId.WorkItem, Id);
}
