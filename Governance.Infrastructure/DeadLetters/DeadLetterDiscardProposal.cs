using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Discarding work that touches money or privacy, as a change that another person approves: what somebody chose, or all that a filter matches.</summary>
internal sealed class DeadLetterDiscardProposal(WorkKinds kinds, AuditTrail audit, TimeProvider time) : IApprovable
{
    public const string KindName = "dead_letter_discard";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    public string Kind => KindName;

    public string Label => "Discarding of failed work";

    public string Permission => Permissions.DeadLettersManage;

    public static string PayloadOf(IEnumerable<Guid> itemIds) => JsonSerializer.Serialize(new Selection([.. itemIds.Order()], null), Json);

    public static string PayloadOf(DeadLetterFilter filter) => JsonSerializer.Serialize(new Selection(null, filter), Json);

    public async Task<Result<ApprovalDescription>> DescribeAsync(GovernanceDbContext db, string payload, CancellationToken cancellation)
    {
        var selection = Read(payload);
        var items = Meant(db, selection);
        var groups = await items.GroupBy(item => item.Kind).Select(group => new { Kind = group.Key, Count = group.LongCount() }).OrderBy(group => group.Kind).ToListAsync(cancellation);
        var count = groups.Sum(group => group.Count);
        if (count == 0 || (selection.Ids is { } ids && count < ids.Count)) return DeadLetterService.Gone;

        List<FieldChange> diff = [.. groups.Select(group => new FieldChange(kinds.LabelOf(group.Kind), $"{group.Count:N0} {(group.Count == 1 ? "item" : "items")}", null))];
        var first = await items.OrderBy(item => item.Id).Take(10).Select(item => new { item.Id, item.Cause, item.LastError }).ToListAsync(cancellation);
        diff.AddRange(first.Select(item => new FieldChange(PublicId.Format(PublicId.WorkItem, item.Id), string.Join(": ", new[] { item.Cause, item.LastError }.OfType<string>()), null)));
        if (count > first.Count) diff.Add(new FieldChange("And", $"{count - first.Count:N0} more", null));
        var what = groups.Count == 1 ? kinds.LabelOf(groups[0].Kind) : $"{groups.Count} kinds of work";
        return new ApprovalDescription($"Discard {count:N0} {(count == 1 ? "item" : "items")}: {what}", diff, AccessScope.Organization, null);
    }

    public async Task<Result> ApplyAsync(GovernanceDbContext db, Actor decider, ApprovalRequest request, CancellationToken cancellation)
    {
        var (selection, now) = (Read(request.Payload), time.GetUtcNow());
        if (selection.Filter is { } filter)
        {
            var bulk = new DeadLetterBulk
            {
                Id = Guid.CreateVersion7(now),
                OrganizationId = decider.OrganizationId,
                Action = DeadLetterBulkAction.Discard,
                FilterJson = DeadLetterBulk.Write(filter),
                Reason = request.Reason,
                RequestedBy = request.RequestedBy,
                RequestedAt = now,
                Matched = await filter.Narrow(db.WorkItems, now).LongCountAsync(cancellation),
            };
            DeadLetterBulkService.Add(audit, db, decider, bulk, request.PublicId);
            return Result.Ok;
        }

        var found = await DeadLetterService.FindAsync(db, selection.Ids!, cancellation);
        if (await DeadLetterService.Chosen(db, selection.Ids!).DiscardAsync(now, cancellation) < selection.Ids!.Count) return DeadLetterService.Busy;
        foreach (var item in found) DeadLetterService.Record(audit, db, decider, item, request.Reason, request.PublicId);
        return Result.Ok;
    }

    public void Applied(ApprovalRequest request)
    {
        // Nothing about work is cached.
    }

    private IQueryable<WorkItem> Meant(GovernanceDbContext db, Selection selection) =>
        selection.Filter is { } filter ? filter.Narrow(db.WorkItems, time.GetUtcNow()) : DeadLetterService.Chosen(db, selection.Ids ?? []);

    private static Selection Read(string payload) => JsonSerializer.Deserialize<Selection>(payload, Json) ?? throw new InvalidDataException("What is to be discarded is not said.");

    private sealed record Selection(IReadOnlyList<Guid>? Ids, DeadLetterFilter? Filter);
}
