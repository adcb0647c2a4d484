using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Approvals;

/// <summary>A change to be proposed.</summary>
/// <param name="Kind">The <see cref="IApprovable.Kind"/>.</param>
/// <param name="Payload">The change as JSON, for the area that applies it.</param>
/// <param name="Reason">Why, in at most 1,000 characters.</param>
public sealed record NewApproval(string Kind, string Payload, string Reason);

/// <summary>
/// Proposes changes and decides them. The change, its audit entry and the decision are one transaction; of several decisions at once
/// one counts. Neither whoever proposed a change nor whoever gains from it can approve it.
/// </summary>
public sealed class ApprovalService(
    GovernanceDatabase database, ApprovalKinds kinds, ApprovalRules rules, SettingsDirectory settings, AuditTrail audit, ApprovalMail mail,
    ApprovalFeed feed, TimeProvider time)
{
    private const int MaxText = ApprovalRequestConfiguration.MaxText;

    /// <summary>Proposes a change that the area has authorised the actor to ask for.</summary>
    internal async Task<Result<ApprovalRequest>> ProposeAsync(Actor actor, NewApproval proposal, CancellationToken cancellation)
    {
        if (actor is not { Kind: ActorKind.Person, Id: { } requester })
            return Refusal.Forbidden("Only a person can propose what another person must approve.");
        if (string.IsNullOrWhiteSpace(proposal.Reason) || proposal.Reason.Length > MaxText)
            return Refusal.Invalid(nameof(proposal.Reason), $"Say why, in 1 to {MaxText:N0} characters: whoever decides needs to know.");

        var lifetime = (await settings.GetAsync(actor.OrganizationId, cancellation)).ApprovalLifetime;
        var result = await database.SeriallyAsync<ApprovalRequest>(
            actor.OrganizationId, db => AddAsync(db, actor, requester, proposal, lifetime, cancellation), cancellation);
        if (result.Succeeded) feed.Publish(actor.OrganizationId);
        return result;
    }

    /// <summary>Approves a change, which takes effect at once.</summary>
    public async Task<Result> ApproveAsync(Actor actor, Guid requestId, string? comment, CancellationToken cancellation) =>
        comment?.Length > MaxText
            ? TooLong
            : await ApplyAsync(actor, requestId, new Decision(ApprovalState.Applied, "approval.approved", comment), rules.CheckDeciderAsync, cancellation);

    /// <summary>Applies one's own change without a second person, where nobody else is active who could decide it.</summary>
    public async Task<Result> WaiveAsync(Actor actor, Guid requestId, string reason, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Invalid(nameof(reason), "Say why it cannot wait for a second person.");
        return reason.Length > MaxText
            ? TooLong
            : await ApplyAsync(actor, requestId, new Decision(ApprovalState.Applied, "approval.waived", reason, IsWaived: true), rules.CheckWaiverAsync, cancellation);
    }

    /// <summary>Decides against a change.</summary>
    public async Task<Result> RejectAsync(Actor actor, Guid requestId, string reason, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Invalid(nameof(reason), "Say why you reject it: whoever proposed it should learn from it.");
        return reason.Length > MaxText
            ? TooLong
            : await ResolveAsync(actor, requestId, new Decision(ApprovalState.Rejected, "approval.rejected", reason), rules.CheckDeciderAsync, cancellation);
    }

    /// <summary>Takes one's own proposal back.</summary>
    public Task<Result> WithdrawAsync(Actor actor, Guid requestId, CancellationToken cancellation) =>
        ResolveAsync(actor, requestId, new Decision(ApprovalState.Withdrawn, "approval.withdrawn", null), ApprovalRules.CheckRequesterAsync, cancellation);

    /// <summary>Marks a proposal that nobody decided in time.</summary>
    internal Task<Result> ExpireAsync(Guid organizationId, Guid requestId, CancellationToken cancellation) =>
        ResolveAsync(Actor.System(organizationId), requestId, new Decision(ApprovalState.Expired, "approval.expired", null), rules.CheckOverdueAsync, cancellation);

    private static Refusal TooLong => Refusal.Invalid("comment", $"A comment or reason may have at most {MaxText:N0} characters.");

    private sealed record Decision(ApprovalState State, string Action, string? Comment, bool IsWaived = false);

    private delegate Task<Refusal?> Check(GovernanceDbContext db, Actor actor, ApprovalRequest request, CancellationToken cancellation);

    private async Task<Result<ApprovalRequest>> AddAsync(
        GovernanceDbContext db, Actor actor, Guid requester, NewApproval proposal, TimeSpan lifetime, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var kind = kinds.Get(proposal.Kind);
        var described = await kind.DescribeAsync(db, proposal.Payload, cancellation);
        if (!described.Succeeded) return described.Refusal;
        if (await db.ApprovalRequests.AnyAsync(
            row => row.Kind == proposal.Kind && row.Payload == proposal.Payload && row.State == ApprovalState.Pending && row.ExpiresAt > now, cancellation))
            return Refusal.Conflict("This very change is proposed already and waits to be decided.");

        var what = described.Value;
        var request = new ApprovalRequest
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            Kind = kind.Kind,
            Title = what.Title.Length > ApprovalRequestConfiguration.MaxTitle ? what.Title[..ApprovalRequestConfiguration.MaxTitle] : what.Title,
            Payload = proposal.Payload,
            Diff = what.Diff,
            Reason = proposal.Reason.Trim(),
            RequestedBy = requester,
            RequestedAt = now,
            BeneficiaryId = what.BeneficiaryId,
            Permission = kind.Permission,
            ScopeKind = what.Scope.Kind,
            ScopeId = what.Scope.Id,
            ExpiresAt = now + lifetime,
        };
        db.ApprovalRequests.Add(request);
        audit.Record(db, actor, "approval.proposed", "approval", request.PublicId, new { request.Kind, request.Title, beneficiary = request.BeneficiaryId },
            about: new AboutPerson(request.BeneficiaryId ?? requester, new { request.Reason }));
        var name = await db.Users.Where(person => person.Id == requester).Select(person => person.DisplayName).SingleAsync(cancellation);
        mail.Proposed(db, request, name, await ApprovalRules.OthersAsync(db, request, now, cancellation));
        return request;
    }

    /// <summary>Decides for a change and makes it, in one transaction. If it can no longer be made, that is recorded in another.</summary>
    private async Task<Result> ApplyAsync(Actor actor, Guid requestId, Decision decision, Check check, CancellationToken cancellation)
    {
        Refusal? failure = null;
        var result = await database.SeriallyAsync<ApprovalRequest>(actor.OrganizationId, Attempt, cancellation);
        if (result.Succeeded)
        {
            kinds.Get(result.Value.Kind).Applied(result.Value);
            feed.Publish(actor.OrganizationId);
            return Result.Ok;
        }

        if (failure is null) return result.Refusal;
        await ResolveAsync(actor, requestId, new Decision(ApprovalState.Failed, "approval.failed", failure.Message), check, cancellation);
        return failure;

        async Task<Result<ApprovalRequest>> Attempt(GovernanceDbContext db)
        {
            failure = null;
            var claimed = await ClaimAsync(db, actor, requestId, ApprovalState.Approved, check, cancellation);
            if (!claimed.Succeeded) return claimed.Refusal;
            failure = await MakeAsync(db, actor, claimed.Value, cancellation);
            if (failure is not null) return failure;
            await CloseAsync(db, actor, claimed.Value, decision, cancellation);
            return claimed.Value;
        }
    }

    /// <returns>Why it can no longer be made.</returns>
    private async Task<Refusal?> MakeAsync(GovernanceDbContext db, Actor actor, ApprovalRequest request, CancellationToken cancellation)
    {
        var kind = kinds.Get(request.Kind);
        var described = await kind.DescribeAsync(db, request.Payload, cancellation);
        if (!described.Succeeded) return described.Refusal;
        if (described.Value.Scope != request.Scope || described.Value.BeneficiaryId != request.BeneficiaryId || !described.Value.Diff.SequenceEqual(request.Diff))
            return Refusal.Conflict("What this changes has changed since it was proposed, so the approval would not be for what was shown. Propose it again.");
        return (await kind.ApplyAsync(db, actor, request, cancellation)).Refusal;
    }

    /// <summary>Decides without making a change.</summary>
    private async Task<Result> ResolveAsync(Actor actor, Guid requestId, Decision decision, Check check, CancellationToken cancellation)
    {
        var result = await database.SeriallyAsync(
            actor.OrganizationId,
            async db =>
            {
                var claimed = await ClaimAsync(db, actor, requestId, decision.State, check, cancellation);
                if (!claimed.Succeeded) return claimed.Refusal;
                await CloseAsync(db, actor, claimed.Value, decision, cancellation);
                return Result.Ok;
            },
            cancellation);
        if (result.Succeeded) feed.Publish(actor.OrganizationId);
        return result;
    }

    /// <summary>Takes a pending request out of everybody else's hands, in one statement: of several at once one succeeds.</summary>
    private async Task<Result<ApprovalRequest>> ClaimAsync(
        GovernanceDbContext db, Actor actor, Guid requestId, ApprovalState state, Check check, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var seen = await db.ApprovalRequests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == requestId, cancellation);
        if (seen is null) return Refusal.NotFound("There is no such approval.");
        if (await check(db, actor, seen, cancellation) is { } refusal) return refusal;
        var expired = state == ApprovalState.Expired;
        if (!expired && seen.StateAt(now) != ApprovalState.Pending) return Decided(seen.StateAt(now));
        var taken = await db.ApprovalRequests
            .Where(row => row.Id == requestId && row.State == ApprovalState.Pending && (expired || row.ExpiresAt > now))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, state), cancellation);
        return taken == 1 ? await db.ApprovalRequests.SingleAsync(row => row.Id == requestId, cancellation) : Decided(seen.State);
    }

    private async Task CloseAsync(GovernanceDbContext db, Actor actor, ApprovalRequest request, Decision decision, CancellationToken cancellation)
    {
        (request.State, request.DecidedAt, request.DecidedBy) = (decision.State, time.GetUtcNow(), actor.Id);
        (request.Comment, request.IsWaived) = (string.IsNullOrWhiteSpace(decision.Comment) ? null : decision.Comment.Trim(), decision.IsWaived);
        audit.Record(db, actor, decision.Action, "approval", request.PublicId,
            new { request.Kind, request.Title, requester = request.RequestedBy, beneficiary = request.BeneficiaryId },
            about: new AboutPerson(request.BeneficiaryId ?? request.RequestedBy, new { request.Comment }));
        if (request.RequestedBy != actor.Id) await mail.DecidedAsync(db, request, cancellation);
    }

    private static Refusal Decided(ApprovalState state) => Refusal.Conflict(state switch
    {
        ApprovalState.Applied => "This was approved already and is in effect.",
        ApprovalState.Rejected => "This was rejected already.",
        ApprovalState.Withdrawn => "This was withdrawn.",
        ApprovalState.Expired => "This expired without a decision. Propose it again if it is still needed.",
        ApprovalState.Failed => "This was approved already, but could not be applied. Propose it again if it is still needed.",
        _ => "Somebody decided this at this very moment. Look at it again.",
    });
}
