using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Turns what was recorded in a context into rows when the context saves, so that they share the transaction of the change. Outcomes of
/// calls are refused here: they are written by the ledger itself, together with their leaf, budgets and rollups.
/// </summary>
public sealed class AuditSealer(DataKeys keys, TimeProvider time) : SaveChangesInterceptor
{
    private const int MaxUserAgent = 256;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    private const int MaxPartLength = 64 * 1024;

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        eventData.Context is GovernanceDbContext { AuditDrafts.Count: > 0 }
            ? throw new InvalidOperationException("A change that is audited is saved asynchronously.")
            : result;

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not GovernanceDbContext db) return result;
        if (db.ChangeTracker.Entries<LedgerEntry>().Any(entry => entry.State == EntityState.Added && CallLeaf.IsNeeded(entry.Entity)))
            throw new InvalidOperationException("Outcomes of calls are booked by the ledger: CallLedger or LedgerDatabase.");
        var drafts = db.AuditDrafts.ToList();
        db.AuditDrafts.Clear();
        foreach (var draft in drafts)
        {
            var made = await SealAsync(db, draft, cancellationToken);
            db.AuditEvents.Add(made.Event);
            db.AuditParts.AddRange(made.Parts);
        }

        return result;
    }

    /// <summary>Seals the leaf of a call, to be written by other means than a context. It says nothing about people.</summary>
    internal async ValueTask<SealedEvent> SealAsync(GovernanceDatabase database, AuditDraft call)
    {
        var key = keys.Known(call.OrganizationId, DataKeyOwner.Organization, call.OrganizationId);
        if (key is null)
        {
            // Once an organisation and process.
            await using var db = database.AcrossOrganizations();
            key = await keys.GetAsync(db, call.OrganizationId, DataKeyOwner.Organization, call.OrganizationId, CancellationToken.None);
            await db.SaveChangesAsync();
        }

        var (kind, reference) = call.ActedAs!.Value;
        return Seal(call, kind, reference, call.ResourceId, [(key, call.CanonicalDetails!)]);
    }

    private async ValueTask<SealedEvent> SealAsync(GovernanceDbContext db, AuditDraft draft, CancellationToken cancellation)
    {
        var organizationId = draft.OrganizationId;
        var about = draft.ResourceType == "person" && Guid.TryParse(draft.ResourceId, out var id) ? id : (Guid?)null;
        var resourceKey = about is { } subject ? await PersonKeyAsync(db, organizationId, subject, cancellation) : null;
        var actor = await ActorAsync(db, draft, cancellation);
        var parts = new List<(DataKey? Key, Dictionary<string, object?> Payload)>();
        if (actor.Payload.Count > 0) parts.Add((actor.Kind == AuditActorKind.Anonymous && resourceKey is not null ? resourceKey : actor.Key, actor.Payload));
        if (draft.Details is { } details)
            parts.Add((await keys.GetAsync(db, organizationId, DataKeyOwner.Organization, organizationId, cancellation), Payload(details)));
        foreach (var person in draft.About) parts.Add((await PersonKeyAsync(db, organizationId, person.PersonId, cancellation), Payload(person.Details)));
        return Seal(draft, actor.Kind, actor.Ref, about is { } whom ? resourceKey?.TokenOf(organizationId, whom) : draft.ResourceId, parts);
    }

    private SealedEvent Seal(
        AuditDraft draft, AuditActorKind actorKind, string? actorRef, string? resourceRef, List<(DataKey? Key, Dictionary<string, object?> Payload)> payloads)
    {
        var commitments = new List<PartCommitment>(payloads.Count);
        var parts = new List<AuditPart>(payloads.Count);
        foreach (var (key, payload) in payloads)
        {
            if (key is null) continue; // They were erased: nothing more is kept about them.
            var bytes = CanonicalJson.WriteBytes(payload);
            if (bytes.Length > MaxPartLength) throw new InvalidOperationException($"What {draft.Action} says is longer than {MaxPartLength} bytes.");
            var part = key.Seal(draft.Id, commitments.Count, bytes);
            parts.Add(new AuditPart
            {
                EventId = draft.Id,
                Number = commitments.Count,
                OrganizationId = draft.OrganizationId,
                KeyId = key.Id,
                Ciphertext = part.Ciphertext,
            });
            commitments.Add(part.Commitment);
        }

        var now = time.GetUtcNow();
        var entry = new AuditEvent
        {
            Id = draft.Id,
            OrganizationId = draft.OrganizationId,
            At = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)),
            ActorKind = actorKind,
            ActorRef = actorRef,
            Action = draft.Action,
            Category = draft.Category ?? AuditCatalog.CategoryOf(draft.Action),
            Severity = draft.Severity ?? AuditCatalog.SeverityOf(draft.Action, draft.Outcome),
            Outcome = draft.Outcome,
            ResourceType = draft.ResourceType,
            ResourceRef = resourceRef,
            Reason = draft.Reason,
            Request = draft.Request,
            Source = draft.Source,
            Commitments = AuditEvent.CommitmentsOf(commitments),
        };
        return new SealedEvent(entry, parts);
    }

    /// <summary>Who acted, and what is said about them, under which key.</summary>
    private async Task<(AuditActorKind Kind, string? Ref, DataKey? Key, Dictionary<string, object?> Payload)> ActorAsync(
        GovernanceDbContext db, AuditDraft draft, CancellationToken cancellation)
    {
        var (actor, payload) = (draft.Actor, new Dictionary<string, object?>(StringComparer.Ordinal));
        if (actor.IpAddress is { } address) payload["ip"] = address;
        if (actor.UserAgent is { } agent) payload["userAgent"] = agent.Length > MaxUserAgent ? agent[..MaxUserAgent] : agent;
        var organization = await keys.GetAsync(db, actor.OrganizationId, DataKeyOwner.Organization, actor.OrganizationId, cancellation);
        if (draft.ActedAs is { } acted) return (acted.Kind, acted.Ref, organization, payload);
        switch (actor)
        {
            case { Kind: ActorKind.Person, Id: { } person }:
                payload["person"] = person.ToString("n");
                var key = await PersonKeyAsync(db, actor.OrganizationId, person, cancellation);
                return (AuditActorKind.Person, key?.TokenOf(actor.OrganizationId, person), key, payload);
            case { Kind: ActorKind.ServiceAccount, Id: { } account }:
                return (AuditActorKind.ServiceAccount, PublicId.Format(PublicId.ServiceAccount, account), organization, payload);
            case { IpAddress: null }:
                return (AuditActorKind.System, null, organization, payload);
            default:
                return (AuditActorKind.Anonymous, null, await keys.OfVisitorsAsync(db, actor.OrganizationId, cancellation), payload);
        }
    }

    private ValueTask<DataKey?> PersonKeyAsync(GovernanceDbContext db, Guid organizationId, Guid personId, CancellationToken cancellation) =>
        keys.GetAsync(db, organizationId, DataKeyOwner.Person, personId, cancellation);

    private static Dictionary<string, object?> Payload(object details) =>
        CanonicalJson.Read(JsonSerializer.SerializeToElement(details, Json)) as Dictionary<string, object?>
        ?? throw new ArgumentException("The details of an event are an object.", nameof(details));
}

/// <summary>An event as it is written.</summary>
/// <param name="Event">Its row.</param>
/// <param name="Parts">The parts of its payload.</param>
internal sealed record SealedEvent(AuditEvent Event, IReadOnlyList<AuditPart> Parts);
