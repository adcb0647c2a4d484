using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Takes events of other systems into the log.</summary>
public sealed class AuditIntake(AccessControl access, GovernanceDatabase database, TimeProvider time)
{
    /// <summary>The longest idempotency key, in characters.</summary>
    public const int MaxKey = 64;

    private const int MaxAttempts = 5;

    /// <summary>Records an event.</summary>
    /// <param name="actor">Who reports it.</param>
    /// <param name="reported">What they report.</param>
    /// <param name="idempotencyKey">
    /// With it the event's id follows from who reports and the key, so that the table's primary key has every repetition, in whichever process,
    /// find what the first one recorded.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The event's id.</returns>
    public async Task<Result<Guid>> RecordAsync(Actor actor, ExternalEvent reported, string? idempotencyKey, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditWrite, cancellation) is { } refusal) return refusal;
        if (reported.Check() is { } wrong) return wrong;
        if (idempotencyKey is not null && !(idempotencyKey.Length is > 0 and <= MaxKey && idempotencyKey.All(character => character is > ' ' and <= '~')))
            return Refusal.Invalid("Idempotency-Key", $"give 1 to {MaxKey} visible ASCII characters.");
        if (!TryDetails(actor, reported, out var details)) return Refusal.Invalid("details", "give an object of Unicode texts in which no member is named twice.");

        var id = idempotencyKey is null ? Guid.CreateVersion7(time.GetUtcNow()) : IdOf(actor, idempotencyKey);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await using var db = database.ForOrganization(actor.OrganizationId);
            if (idempotencyKey is not null && await IsThereAsync(db, id, cancellation)) return id;
            if (await CheckPersonAsync(db, reported, actor.OrganizationId, cancellation) is { } unknown) return unknown;
            db.AuditDrafts.Add(Draft(id, actor, reported, details));
            try
            {
                await db.SaveChangesAsync(cancellation);
                return id;
            }
            catch (DbUpdateException exception) when (exception.IsConflict())
            {
                // The same key won, or somebody made the organisation's first data key; the next attempt sees which.
            }
        }

        return Refusal.Busy("The log is written by too many at this moment. Send the event again.");
    }

    /// <summary>Whether the log has an event already, be it in the archive.</summary>
    private static async Task<bool> IsThereAsync(GovernanceDbContext db, Guid id, CancellationToken cancellation) =>
        await db.AuditEvents.AnyAsync(entry => entry.Id == id, cancellation) || await db.AuditEntries.AnyAsync(entry => entry.EventId == id, cancellation);

    private static AuditDraft Draft(Guid id, Actor actor, ExternalEvent reported, object details) =>
        new(id, actor.OrganizationId, reported.Action, reported.ResourceType, reported.ResourceId, reported.Outcome)
        {
            Actor = actor,
            ActedAs = (AuditActorKind.External, reported.ActorId),
            Category = reported.Category,
            Severity = reported.Severity ?? (reported.Outcome == AuditOutcome.Success ? AuditSeverity.Info : AuditSeverity.Warning),
            Reason = reported.Reason,
            Request = Activity.Current?.TraceId.ToHexString(),
            Source = reported.Source,
            Details = details,
        };

    private static bool TryDetails(Actor actor, ExternalEvent reported, out Dictionary<string, object?> details)
    {
        details = new(StringComparer.Ordinal)
        {
            ["reportedBy"] = actor switch
            {
                { Kind: ActorKind.ServiceAccount, Id: { } account } => PublicId.Format(PublicId.ServiceAccount, account),
                { Id: { } person } => person.ToString("n"),
                _ => AuditLeaf.NameOf(AuditActorKind.System),
            },
        };
        if (reported.ReportedAt is { } at) details["reportedAt"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        try
        {
            if (reported.Details is { } said) details["details"] = CanonicalJson.Read(said);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            return false; // A surrogate without its other half, or a member twice.
        }
    }

    /// <summary>A person is named by a token that only their key makes, so it has to be one of this organisation.</summary>
    private static async Task<Refusal?> CheckPersonAsync(GovernanceDbContext db, ExternalEvent reported, Guid organizationId, CancellationToken cancellation)
    {
        if (reported is not { ResourceType: "person", ResourceId: { } text }) return null;
        return Guid.TryParse(text, out var id) && await db.Users.AnyAsync(person => person.Id == id && person.OrganizationId == organizationId, cancellation)
            ? null
            : Refusal.Invalid("resource.id", "a resource of the type person is a person of this organisation, by their id. Call people of other systems by another type.");
    }

    private static Guid IdOf(Actor actor, string key)
    {
        var hash = SHA256.HashData(
        [
            .. "governance.audit.intake/1"u8, .. actor.OrganizationId.ToByteArray(bigEndian: true),
            .. (actor.Id ?? Guid.Empty).ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(key),
        ]);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // Version 8 and the variant of RFC 9562, 5.8.
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
