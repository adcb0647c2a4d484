using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Gives an item that failed another payload and has it tried with that, under the same id.</summary>
public sealed class DeadLetterEditService(AccessControl access, GovernanceDatabase database, WorkKinds kinds, ApprovalService approvals, AuditTrail audit, TimeProvider time)
{
    /// <summary>The longest payload that somebody may write, in characters.</summary>
    public const int MaxPayload = 20_000;

    private const string Permission = Permissions.DeadLettersManage;

    /// <summary>What an edit would change; nothing is done.</summary>
    /// <param name="actor">Whoever edits.</param>
    /// <param name="itemId">The item.</param>
    /// <param name="version">As it was when they saw it.</param>
    /// <param name="payload">What it is to hold.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<IReadOnlyList<FieldChange>>> PreviewAsync(Actor actor, Guid itemId, int version, string payload, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, payload, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var planned = await DeadLetterEditProposal.PlanAsync(db, kinds, itemId, version, payload, time.GetUtcNow(), cancellation);
        return new Result<IReadOnlyList<FieldChange>>(planned.Value?.Diff, planned.Refusal);
    }

    /// <summary>Makes an edit; where money or somebody's privacy is at stake, once a second person agrees.</summary>
    /// <inheritdoc cref="PreviewAsync"/>
    public async Task<Result<DeadLetterOutcome>> EditAsync(Actor actor, Guid itemId, int version, string payload, string reason, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, payload, cancellation) is { } refusal) return refusal;
        if (DeadLetterService.CheckReason(reason) is { } unreasoned) return unreasoned;
        var edited = await database.SeriallyAsync<PlannedEdit>(actor.OrganizationId, async db =>
        {
            var planned = await DeadLetterEditProposal.PlanAsync(db, kinds, itemId, version, payload, time.GetUtcNow(), cancellation);
            if (!planned.Succeeded || kinds.TraitsOf(planned.Value.Item.Kind).NeedsApproval) return planned;
            var made = await DeadLetterEditProposal.ApplyAsync(db, audit, actor, planned.Value, reason, approval: null, time.GetUtcNow(), cancellation);
            return made.Succeeded ? planned : made.Refusal;
        }, cancellation);
        if (!edited.Succeeded) return edited.Refusal;
        if (!kinds.TraitsOf(edited.Value.Item.Kind).NeedsApproval) return new DeadLetterOutcome(1);

        var proposal = new NewApproval(DeadLetterEditProposal.KindName, DeadLetterEditProposal.PayloadOf(itemId, version, edited.Value.Payload), reason);
        var proposed = await approvals.ProposeAsync(actor, proposal, cancellation);
        return proposed.Succeeded ? new DeadLetterOutcome(0, ApprovalId: proposed.Value.Id) : proposed.Refusal;
    }

    private async Task<Refusal?> CheckAsync(Actor actor, string payload, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        return payload.Length > MaxPayload ? Refusal.Invalid(nameof(payload), $"A payload may have at most {MaxPayload:N0} characters.") : null;
    }
}
