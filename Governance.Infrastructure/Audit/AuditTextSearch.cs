using System.Runtime.CompilerServices;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Looks for a text in what events say. There is no index of it in clear: what the other filters leave is opened, the newest first and in
/// stretches. What was said about a person who was erased cannot be opened, and so is never found.
/// </summary>
public sealed class AuditTextSearch(
    AccessControl access, GovernanceDatabase database, AuditQueries queries, DataKeys keys, AuditTrail audit, AuditArchiveFiles files)
{
    /// <summary>How many events a stretch looks at, at most; the next begins where it ended.</summary>
    public const int MaxEntries = 50_000;

    /// <summary>How many hits end a stretch early.</summary>
    public const int MaxHits = 500;

    public const int MaxText = 200;

    private const int BatchSize = Page<AuditRow>.MaxSize;

    /// <summary>Whether a text is a cursor that a search gave out.</summary>
    public static bool IsCursor(string text) => AuditQueries.IsCursor(text) || AuditArchiveSearch.TryParse(text, out _);

    /// <summary>
    /// Begins a stretch. That somebody searched what is said about people is recorded, with the other filters but without the text: it may
    /// be somebody's name, which nobody could erase from there.
    /// </summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="filter">What else is asked of the events.</param>
    /// <param name="text">What is looked for.</param>
    /// <param name="cursor">Where the stretch before ended; none for the first.</param>
    /// <param name="cancellation">Gives up before it begins.</param>
    /// <returns>The steps, each as soon as it is made.</returns>
    public async Task<Result<IAsyncEnumerable<AuditTextStep>>> BeginAsync(
        Actor actor, AuditFilter filter, string text, string? cursor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is { } unread) return unread;
        if (await access.CheckAsync(actor, Permissions.AuditPayloads, cancellation) is { } refusal) return refusal;
        text = text.Trim();
        if (text.Length is 0 or > MaxText) return Refusal.Invalid("text", $"Give a text of 1 to {MaxText} characters.");
        if (cursor is not null && !IsCursor(cursor)) return Refusal.Invalid("cursor", "Give the cursor with which the search before ended.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        audit.Record(db, actor, "personal_data.searched", "audit_log", null, new
        {
            filter.From,
            filter.To,
            person = filter.PersonId,
            filter.Category,
            filter.AtLeast,
            filter.Outcome,
            filter.Action,
            filter.ResourceType,
            continued = cursor is not null,
        });
        await db.SaveChangesAsync(cancellation);
        return new Result<IAsyncEnumerable<AuditTextStep>>(StepsAsync(actor.OrganizationId, filter, text, cursor, default), null);
    }

    private async IAsyncEnumerable<AuditTextStep> StepsAsync(
        Guid organizationId, AuditFilter filter, string text, string? cursor, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var payloads = new AuditPayloads(db, keys);
        var match = new AuditTextMatch(text, await PeopleAsync(db, cancellation));
        var archive = await AuditArchiveSearch.OpenAsync(db, files, keys, filter, cancellation);
        var (looked, found) = (0L, 0);
        do
        {
            var batch = AuditArchiveSearch.TryParse(cursor, out var below)
                ? await archive.BeforeAsync(below, BatchSize, cancellation)
                : await NewestAsync(db, payloads, archive, filter, cursor, cancellation);
            var hits = new List<(AuditEvent Event, string Cursor)>();
            foreach (var (entry, parts, place) in batch.Entries)
            {
                if (match.IsIn(await payloads.OpenAsync(entry.ToLeaf(), parts, cancellation))) hits.Add((entry, place));
            }

            var rows = hits.Count == 0 ? [] : await queries.RowsAsync(db, [.. hits.Select(hit => hit.Event)], cancellation);
            (looked, found, cursor) = (looked + batch.Entries.Count, found + hits.Count, batch.Next);
            yield return new AuditTextStep([.. rows.Zip(hits, (row, hit) => new AuditTextHit(row, hit.Cursor))], looked, batch.Back, cursor, batch.Problem);
        }
        while (cursor is not null && looked < MaxEntries && found < MaxHits);
    }

    /// <summary>Everybody who was not erased, by their ids, which events say instead of names.</summary>
    private static async Task<IReadOnlyDictionary<Guid, AuditPerson>> PeopleAsync(GovernanceDbContext db, CancellationToken cancellation) => await (
        from key in db.DataKeys
        where key.Owner == DataKeyOwner.Person && key.Wrapped != null
        join person in db.Users on key.OwnerId equals person.Id
        select new AuditPerson(person.Id, person.DisplayName)).ToDictionaryAsync(person => person.Id, cancellation);

    private async Task<AuditSearchBatch> NewestAsync(
        GovernanceDbContext db, AuditPayloads payloads, AuditArchiveSearch archive, AuditFilter filter, string? cursor, CancellationToken cancellation)
    {
        var page = await queries.EventsAsync(db, filter, cursor, BatchSize, cancellation);
        var parts = await payloads.PartsAsync([.. page.Items.Select(entry => entry.Id)], cancellation);
        DateTimeOffset? last = page.Items.Count == 0 ? null : page.Items[^1].At;

        // A few old events are kept outside the archive, for proofs; what is around them was not looked at yet.
        var back = last is { } at && archive.Until is { } until && until > at ? until : last;
        return new AuditSearchBatch(
            [.. page.Items.Select(entry => (entry, parts[entry.Id], new PageCursor(entry.At, entry.Id).ToString()))],
            back,
            page.Next ?? archive.Start);
    }
}

/// <summary>How far a search has come.</summary>
/// <param name="Hits">What this step found, the newest first.</param>
/// <param name="Looked">How many events were looked at since the stretch began.</param>
/// <param name="Back">Everything from this moment on was looked at; none if there was nothing.</param>
/// <param name="Next">Where to go on; none if all was looked at.</param>
/// <param name="Problem">What could not be looked at, if anything.</param>
public sealed record AuditTextStep(IReadOnlyList<AuditTextHit> Hits, long Looked, DateTimeOffset? Back, string? Next, string? Problem);

/// <summary>An event that holds the text, and the cursor right after it.</summary>
public sealed record AuditTextHit(AuditRow Row, string Cursor);

/// <summary>Events to be opened, the newest first.</summary>
internal sealed record AuditSearchBatch(
    IReadOnlyList<(AuditEvent Event, IEnumerable<AuditPart> Parts, string Cursor)> Entries, DateTimeOffset? Back, string? Next, string? Problem = null);
