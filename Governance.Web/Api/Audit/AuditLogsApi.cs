using System.ComponentModel;
using System.Net.Mime;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api.Audit;

/// <summary>Events as lists, one by one, with their proofs, and counted.</summary>
internal static class AuditLogsApi
{
    private const int MaxText = 200;

    /// <summary>Counting reads every event of the period.</summary>
    private const int MaxDays = 400;

    public static void MapAuditLogs(this RouteGroupBuilder audit)
    {
        audit.MapGet("/logs", ListAsync).WithName("ListAuditLogs").WithSummary("Lists events, newest first.").RequireAuthorization(Permissions.AuditRead);
        audit.MapGet("/logs/{id}", FindAsync).WithName("GetAuditLog").WithSummary("One event in full. That somebody read what it says about people is itself recorded.").RequireAuthorization(Permissions.AuditRead);
        audit.MapGet("/logs/{id}/proof", ProveAsync).WithName("GetAuditProof").WithSummary("Proves that an event is in the log; for tools/verify-audit.mjs.")
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Json).RequireAuthorization(Permissions.AuditRead);
        audit.MapGet("/statistics", CountAsync).WithName("CountAuditLogs").WithSummary("Counts events by day and severity.").RequireAuthorization(Permissions.AuditRead);
    }

    private static async Task<Results<Ok<AuditList>, ProblemHttpResult>> ListAsync(
        HttpContext http,
        AuditQueries queries,
        AuditTextSearch search,
        OrganizationService organizations,
        TimeProvider time,
        [Description("A date (the whole day, in the organisation's zone) or an instant; 30 days before 'to' if absent.")] string? from,
        [Description("A date (that day included) or an instant (excluded); now if absent.")] string? to,
        [Description("What this person did, what was done to them and what is said about them.")] string? personId,
        [Description("Only this category, such as access.")] string? category,
        [Description("This severity and those above: info, notice, warning or alarm.")] string? severity,
        [Description("Only this outcome: success, failure or denied.")] string? outcome,
        [Description("Only this action, such as key.created.")] string? action,
        [Description("Only what was done to this kind of thing.")] string? resourceType,
        [Description("With resourceType: only what was done to this one, by its public id. For a person use personId.")] string? resourceId,
        [Description("Only what this service account, key or external actor did, by its public id. For a person use personId.")] string? actorId,
        [Description("Only events whose details hold this text, in any case. They are opened one by one, at most 50,000 a page: while there is a 'next' there may be more, even if a page is empty. That somebody searched is recorded. Needs audit_payloads.read.")] string? text,
        [Description("The 'next' of the page before.")] string? cursor,
        [Description("Rows a page, 1 to 500; 50 if absent.")] int? limit)
    {
        var actor = http.User.ToActor(http);
        var organization = await organizations.FindAsync(actor.OrganizationId, http.RequestAborted);
        var (range, parameter, error) = ApiRange.Read(from, to, organization!.Zone, time.GetUtcNow());
        if (error is not null) return ApiProblems.Invalid(parameter!, error);
        if (limit is < 1 or > Page<AuditRow>.MaxSize) return ApiProblems.Invalid("limit", $"give a number from 1 to {Page<AuditRow>.MaxSize}.");
        if (cursor is not null && !(text is null ? AuditQueries.IsCursor(cursor) : AuditTextSearch.IsCursor(cursor))) return ApiProblems.Invalid("cursor", "give the 'next' of the page before.");
        if (!TryRead<AuditCategory>(category, out var ofCategory)) return ApiProblems.Invalid("category", NamesOf<AuditCategory>());
        if (!TryRead<AuditSeverity>(severity, out var atLeast)) return ApiProblems.Invalid("severity", NamesOf<AuditSeverity>());
        if (!TryRead<AuditOutcome>(outcome, out var ended)) return ApiProblems.Invalid("outcome", NamesOf<AuditOutcome>());
        Guid? person = null;
        if (personId is not null)
        {
            if (!Guid.TryParse(personId, out var parsed)) return ApiProblems.Invalid("personId", "it is not a person's id.");
            person = parsed;
        }

        foreach (var (name, said) in new[] { ("action", action), ("resourceType", resourceType), ("resourceId", resourceId), ("actorId", actorId) })
        {
            if (said is not null && (said.Length is 0 or > MaxText || said.Any(char.IsControl))) return ApiProblems.Invalid(name, $"give 1 to {MaxText} characters.");
        }

        if (resourceId is not null && resourceType is null) return ApiProblems.Invalid("resourceId", "give 'resourceType', too.");
        if (resourceType == "person" && Guid.TryParse(resourceId, out _)) return ApiProblems.Invalid("resourceId", "use 'personId' for a person.");
        if (Guid.TryParse(actorId, out _)) return ApiProblems.Invalid("actorId", "use 'personId' for a person; other ids have a prefix, such as key_….");

        var filter = new AuditFilter
        {
            From = range.From,
            To = range.To,
            PersonId = person,
            ActorRef = actorId,
            Category = ofCategory,
            AtLeast = atLeast,
            Outcome = ended,
            Action = action,
            ResourceType = resourceType,
            ResourceRef = resourceId,
        };
        var size = limit ?? Page<AuditRow>.DefaultSize;
        if (text is not null) return await SearchAsync(search, actor, filter, text, cursor, size, http.RequestAborted);
        var page = await queries.ListAsync(actor, filter, cursor, size, http.RequestAborted);
        return TypedResults.Ok(new AuditList([.. page.Items.Select(AuditResource.From)], page.Next));
    }

    /// <summary>The hits of a stretch of the search, up to a page of them.</summary>
    private static async Task<Results<Ok<AuditList>, ProblemHttpResult>> SearchAsync(
        AuditTextSearch search, Actor actor, AuditFilter filter, string text, string? cursor, int size, CancellationToken cancellation)
    {
        var begun = await search.BeginAsync(actor, filter, text, cursor, cancellation);
        if (!begun.Succeeded) return ApiProblems.Refused(begun.Refusal);
        var (hits, next) = (new List<AuditTextHit>(), (string?)null);
        await foreach (var step in begun.Value.WithCancellation(cancellation))
        {
            if (step.Problem is { } problem) return ApiProblems.Busy("archive_unreadable", problem);
            hits.AddRange(step.Hits);
            next = step.Next;
            if (hits.Count >= size) break;
        }

        if (hits.Count > size) next = hits[size - 1].Cursor;
        return TypedResults.Ok(new AuditList([.. hits.Take(size).Select(hit => AuditResource.From(hit.Row))], next));
    }

    private static async Task<Results<Ok<AuditDetailResource>, ProblemHttpResult>> FindAsync(HttpContext http, AuditQueries queries, string id)
    {
        if (!PublicId.TryParse(PublicId.AuditEvent, id, out var eventId)) return NoId;
        return await queries.FindAsync(http.User.ToActor(http), eventId, http.RequestAborted) is { } detail
            ? TypedResults.Ok(AuditDetailResource.From(detail))
            : ApiProblems.Refused(AuditProofs.NoSuchEvent);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ProveAsync(HttpContext http, AuditQueries queries, AuditProofs proofs, string id)
    {
        if (!PublicId.TryParse(PublicId.AuditEvent, id, out var eventId)) return NoId;
        var actor = http.User.ToActor(http);

        // Reading the event says whether the payload may be in the proof, and records that it was read.
        if (await queries.FindAsync(actor, eventId, http.RequestAborted) is not { } detail) return ApiProblems.Refused(AuditProofs.NoSuchEvent);
        var proof = await proofs.ProveAsync(actor, eventId, http.RequestAborted);
        return proof.Succeeded
            ? TypedResults.Content(proof.Value.ToJson(withPayload: detail.Parts is not null), MediaTypeNames.Application.Json)
            : ApiProblems.Refused(proof.Refusal);
    }

    private static async Task<Results<Ok<AuditCountList>, ProblemHttpResult>> CountAsync(
        HttpContext http,
        AuditQueries queries,
        OrganizationService organizations,
        TimeProvider time,
        [Description("A date (the whole day, in the organisation's zone) or an instant; 30 days before 'to' if absent.")] string? from,
        [Description("A date (that day included) or an instant (excluded); now if absent.")] string? to)
    {
        var actor = http.User.ToActor(http);
        var organization = await organizations.FindAsync(actor.OrganizationId, http.RequestAborted);
        var (range, parameter, error) = ApiRange.Read(from, to, organization!.Zone, time.GetUtcNow());
        if (error is not null) return ApiProblems.Invalid(parameter!, error);
        if (range.To - range.From > TimeSpan.FromDays(MaxDays)) return ApiProblems.Invalid("from", $"give a period of at most {MaxDays} days.");

        var days = await queries.ActivityAsync(actor, new AuditFilter { From = range.From, To = range.To }, TimeZoneInfo.FindSystemTimeZoneById(organization.TimeZone), http.RequestAborted);
        return TypedResults.Ok(new AuditCountList([.. days.Select(day => new AuditCountResource(day.Day, day.Severity, day.Events))], null, days.Sum(day => day.Events)));
    }

    private static ProblemHttpResult NoId => ApiProblems.Invalid("id", "it is not an event's id such as evt_….");

    /// <summary>Reads a value by its name on the wire; nothing is none.</summary>
    internal static bool TryRead<T>(string? name, out T? value)
        where T : struct, Enum
    {
        value = name is null ? null : AuditLeaf.ValueOf<T>(name);
        return name is null || value is not null;
    }

    internal static string NamesOf<T>()
        where T : struct, Enum => $"give one of {string.Join(", ", Enum.GetValues<T>().Select(AuditLeaf.NameOf))}.";
}
