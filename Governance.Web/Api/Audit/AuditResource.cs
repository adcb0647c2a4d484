using System.Buffers.Text;
using System.Text.Json.Nodes;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;

namespace Governance.Web.Api.Audit;

/// <summary>An event of the audit log. What is null is not known, or does not apply.</summary>
/// <param name="Id">evt_….</param>
/// <param name="Index">Its place in the log; null for the moment until it has one.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Action">What, as noun.verb.</param>
/// <param name="Category">What kind of event it is.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Resource">To what it was done.</param>
/// <param name="Reason">A short code.</param>
/// <param name="Request">The correlation id of the request.</param>
/// <param name="Source">The external system that reported it; null for Governance itself.</param>
public record AuditResource(
    string Id, long? Index, DateTimeOffset At, AuditActorResource Actor, string Action, AuditCategory Category, AuditSeverity Severity, AuditOutcome Outcome,
    AuditTargetResource Resource, string? Reason, string? Request, string? Source)
{
    internal static AuditResource From(AuditRow row) => new(
        PublicId.Format(PublicId.AuditEvent, row.Event.Id),
        row.Index,
        row.Event.At,
        new AuditActorResource(row.Event.ActorKind, row.Event.ActorRef, row.Actor?.Id, row.Actor?.Name),
        row.Event.Action,
        row.Event.Category,
        row.Event.Severity,
        row.Event.Outcome,
        new AuditTargetResource(row.Event.ResourceType, row.Event.ResourceRef, row.Resource?.Id, row.Resource?.Name),
        row.Event.Reason,
        row.Event.Request,
        row.Event.Source);
}

/// <summary>Who did something.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Ref">A person's token, or another actor's public id.</param>
/// <param name="PersonId">Whom the token means now; null if it is no person, or one who was erased.</param>
/// <param name="Name">What that person is called now.</param>
public sealed record AuditActorResource(AuditActorKind Kind, string? Ref, Guid? PersonId, string? Name);

/// <summary>What something was done to.</summary>
/// <param name="Type">The kind of thing.</param>
/// <param name="Ref">A person's token, or another resource's public id.</param>
/// <param name="PersonId">Whom the token means now; null if it is no person, or one who was erased.</param>
/// <param name="Name">What that person is called now.</param>
public sealed record AuditTargetResource(string Type, string? Ref, Guid? PersonId, string? Name);

/// <summary>An event in full.</summary>
public sealed record AuditDetailResource : AuditResource
{
    private AuditDetailResource(AuditResource item, string leaf, IReadOnlyList<AuditPartResource>? parts)
        : base(item) => (Leaf, Parts) = (leaf, parts);

    /// <summary>What the log's tree holds of it: canonical JSON, as text.</summary>
    public string Leaf { get; }

    /// <summary>What it says besides, and about whom; null if the token does not allow audit.payloads.</summary>
    public IReadOnlyList<AuditPartResource>? Parts { get; }

    internal static AuditDetailResource From(AuditDetail detail) =>
        new(AuditResource.From(detail.Row), detail.Leaf.ToString(), detail.Parts is null ? null : [.. detail.Parts.Select(AuditPartResource.From)]);
}

/// <summary>A part of what an event says.</summary>
/// <param name="KeyId">The data key it lies under.</param>
/// <param name="About">Whose key that is.</param>
/// <param name="PersonId">About whom; null if it is no person, or one who was erased.</param>
/// <param name="Name">What that person is called now.</param>
/// <param name="Payload">What it says; null if it was erased, or does not open.</param>
/// <param name="ErasedAt">When its key was destroyed. A part that neither opens nor was erased has been tampered with.</param>
public sealed record AuditPartResource(string KeyId, DataKeyOwner About, Guid? PersonId, string? Name, JsonNode? Payload, DateTimeOffset? ErasedAt)
{
    internal static AuditPartResource From(AuditPartRow part) => new(
        Base64Url.EncodeToString(DataKey.Bytes(part.KeyId)),
        part.Owner,
        part.Person?.Id,
        part.Person?.Name,
        part.Json is { } json ? JsonNode.Parse(json) : null,
        part.ErasedAt);
}

/// <summary>A page of events.</summary>
/// <param name="Items">The events, newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record AuditList(IReadOnlyList<AuditResource> Items, string? Next);

/// <summary>How many events of a severity a day had.</summary>
/// <param name="Day">The day in the organisation's reporting zone.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Events">How many; days and severities without any are left out.</param>
public sealed record AuditCountResource(DateOnly Day, AuditSeverity Severity, long Events);

/// <summary>Counts of events.</summary>
/// <param name="Items">The counts, by day and severity.</param>
/// <param name="Next">Always null: counts come whole.</param>
/// <param name="Total">The sum of the items.</param>
public sealed record AuditCountList(IReadOnlyList<AuditCountResource> Items, string? Next, long Total);
