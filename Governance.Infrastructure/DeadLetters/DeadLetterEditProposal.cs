using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Jobs;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Other payloads for work that touches money or privacy, as changes that another person approves.</summary>
internal sealed class DeadLetterEditProposal(WorkKinds kinds, AuditTrail audit, TimeProvider time) : IApprovable
{
    public const string KindName = "dead_letter_edit";

    public string Kind => KindName;

    public string Label => "Edit of failed work";

    public string Permission => Permissions.DeadLettersManage;

    public static string PayloadOf(Guid itemId, int version, string payload) => JsonSerializer.Serialize(new Edit(itemId, version, payload), JsonSerializerOptions.Web);

    public async Task<Result<ApprovalDescription>> DescribeAsync(GovernanceDbContext db, string payload, CancellationToken cancellation)
    {
        var edit = Read(payload);
        var planned = await PlanAsync(db, kinds, edit.ItemId, edit.Version, edit.Payload, time.GetUtcNow(), cancellation);
        return planned.Succeeded
            ? new ApprovalDescription($"Edit and retry: {kinds.LabelOf(planned.Value.Item.Kind)}", planned.Value.Diff, AccessScope.Organization, null)
            : planned.Refusal;
    }

    public async Task<Result> ApplyAsync(GovernanceDbContext db, Actor decider, ApprovalRequest request, CancellationToken cancellation)
    {
        var edit = Read(request.Payload);
        var planned = await PlanAsync(db, kinds, edit.ItemId, edit.Version, edit.Payload, time.GetUtcNow(), cancellation);
        return planned.Succeeded
            ? await ApplyAsync(db, audit, decider, planned.Value, request.Reason, request.PublicId, time.GetUtcNow(), cancellation)
            : planned.Refusal;
    }

    public void Applied(ApprovalRequest request)
    {
        // Nothing about work is cached.
    }

    /// <summary>Checks an edit against the item as it is now.</summary>
    internal static async Task<Result<PlannedEdit>> PlanAsync(
        GovernanceDbContext db, WorkKinds kinds, Guid itemId, int version, string payload, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.WorkItems.AsNoTracking().SingleOrDefaultAsync(row => row.Id == itemId, cancellation) is not { } item) return DeadLetterService.Gone;
        if (item.LockedUntil >= now) return DeadLetterService.Busy;
        if (item.Version != version) return Refusal.Conflict("This has been tried or changed since it was opened. Look at it again.");
        if (kinds.Find(item.Kind) is not { Traits.IsEditable: true } handler) return Refusal.Conflict("Work of this kind cannot be edited.");
        var edited = handler.CheckEdit(item, payload);
        if (!edited.Succeeded) return edited.Refusal;
        var before = handler.CheckEdit(item, item.Payload); // As it is written today: how it was written once is no change.
        var changes = JsonDiff.Of(before.Succeeded ? before.Value : item.Payload, edited.Value);
        if (changes.Count == 0) return Refusal.Invalid(nameof(payload), "Nothing is changed.");
        return new PlannedEdit(item, edited.Value, [.. changes.Select(change => new FieldChange(change.Path, change.Before, change.After))]);
    }

    /// <summary>Makes a checked edit, and records it.</summary>
    internal static async Task<Result> ApplyAsync(
        GovernanceDbContext db, AuditTrail audit, Actor actor, PlannedEdit edit, string reason, string? approval, DateTimeOffset now, CancellationToken cancellation)
    {
        var item = edit.Item;
        if (await db.WorkItems.Where(row => row.Id == item.Id && row.Version == item.Version).EditAsync(edit.Payload, now, cancellation) == 0) return DeadLetterService.Busy;
        audit.Record(db, actor, "dead_letter.edited", "dead_letter", PublicId.Format(PublicId.WorkItem, item.Id), new { item.Kind, item.Cause, changes = edit.Diff, approval },
            about: DeadLetterService.Said(actor, reason));
        return Result.Ok;
    }

    private static Edit Read(string payload) => JsonSerializer.Deserialize<Edit>(payload, JsonSerializerOptions.Web) ?? throw new InvalidDataException("The proposed edit is empty.");

    private sealed record Edit(Guid ItemId, int Version, string Payload);
}

/// <summary>An edit that its handler would take.</summary>
internal sealed record PlannedEdit(WorkItem Item, string Payload, IReadOnlyList<FieldChange> Diff);
