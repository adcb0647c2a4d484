using System.ComponentModel;
using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.DeadLetters;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Governance.Web.Api;

/// <summary>The durable work that waits or failed.</summary>
internal static class DeadLettersApi
{
    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        api.MapGet("/dead-letters", ListAsync).WithName("ListDeadLetters").WithSummary("Lists work that waits or failed, newest first.").RequireAuthorization(Permissions.DeadLettersRead);
        api.MapGet("/dead-letters/{workId}", FindAsync).WithName("GetDeadLetter").WithSummary("One piece of work with its last attempts.").RequireAuthorization(Permissions.DeadLettersRead);
        api.MapPost("/dead-letters/retry", RetryAsync).WithName("RetryDeadLetters")
            .WithSummary("Has work tried again: what is named by ids, at once; or all that a filter matches, in the background.").RequireAuthorization(Permissions.DeadLettersManage)
            .AddOpenApiOperationTransformer(DescribeAsync);
        api.MapPost("/dead-letters/discard", DiscardAsync).WithName("DiscardDeadLetters")
            .WithSummary("Discards work. Where money or privacy is at stake it becomes a proposal, which only a person can make.").RequireAuthorization(Permissions.DeadLettersManage)
            .AddOpenApiOperationTransformer(DescribeAsync);
        api.MapGet("/dead-letters/operations", OperationsAsync).WithName("ListDeadLetterOperations")
            .WithSummary("What is being done in the background, or was in the last hour.").RequireAuthorization(Permissions.DeadLettersRead);
    }

    private static async Task<Results<Ok<DeadLetterList>, ProblemHttpResult>> ListAsync(
        HttpContext http,
        DeadLetterQueries queries,
        [Description("stopped (quarantined or manual) if absent; waiting, working, quarantined, manual or all.")] string? state,
        [Description("Only this kind.")] string? kind,
        [Description("Only with this error pattern.")] string? errorPattern,
        [Description("Only where the error or the cause holds this.")] string? text,
        [Description("Only written at least so many seconds ago.")] long? olderThanSeconds,
        [Description("The 'next' of the page before.")] string? cursor,
        [Description("Rows a page, 1 to 500; 50 if absent.")] int? limit)
    {
        if (limit is < 1 or > Page<DeadLetterRow>.MaxSize) return ApiProblems.Invalid("limit", $"give a number from 1 to {Page<DeadLetterRow>.MaxSize}.");
        if (cursor is not null && !PageCursor.TryParse(cursor, out _)) return ApiProblems.Invalid("cursor", "give the 'next' of the page before.");
        var read = new DeadLetterSelection { State = state, Kind = kind, ErrorPattern = errorPattern, Text = text, OlderThanSeconds = olderThanSeconds }.ToFilter();
        if (!read.Succeeded) return ApiProblems.Refused(read.Refusal);
        var page = await queries.ListAsync(http.User.ToActor(http), read.Value, cursor, limit ?? Page<DeadLetterRow>.DefaultSize, http.RequestAborted);
        return TypedResults.Ok(new DeadLetterList([.. page.Items.Select(row => DeadLetterResource.From(row))], page.Next));
    }

    private static async Task<Results<Ok<DeadLetterResource>, ProblemHttpResult>> FindAsync(HttpContext http, DeadLetterQueries queries, string workId)
    {
        if (!PublicId.TryParse(PublicId.WorkItem, workId, out var id)) return ApiProblems.Invalid("workId", "it is not an id such as work_….");
        return await queries.FindAsync(http.User.ToActor(http), id, http.RequestAborted) is { } detail
            ? TypedResults.Ok(DeadLetterResource.From(detail.Row, detail))
            : ApiProblems.NotFound("This organisation has no such work, or it was done.");
    }

    private static async Task<Results<Ok<DeadLetterOutcomeResource>, ProblemHttpResult>> RetryAsync(
        HttpContext http, DeadLetterService service, DeadLetterBulkService bulks)
    {
        var (selection, unreadable) = await ReadAsync(http);
        if (selection is null) return unreadable!;
        var actor = http.User.ToActor(http);
        if (selection.Ids is null)
        {
            var filter = selection.ToFilter();
            return filter.Succeeded ? Answer(await bulks.RetryAsync(actor, filter.Value, http.RequestAborted)) : ApiProblems.Refused(filter.Refusal);
        }

        if (!selection.TryReadIds(out var ids)) return ApiProblems.Invalid("ids", "one is not an id such as work_….");
        var retried = await service.RetryAsync(actor, ids, http.RequestAborted);
        return Answer(new Result<DeadLetterOutcome>(new DeadLetterOutcome(retried.Value), retried.Refusal));
    }

    private static async Task<Results<Ok<DeadLetterOutcomeResource>, ProblemHttpResult>> DiscardAsync(
        HttpContext http, DeadLetterService service, DeadLetterBulkService bulks)
    {
        var (selection, unreadable) = await ReadAsync(http);
        if (selection is null) return unreadable!;
        var actor = http.User.ToActor(http);
        if (selection.Ids is null)
        {
            var filter = selection.ToFilter();
            return filter.Succeeded ? Answer(await bulks.DiscardAsync(actor, filter.Value, selection.Reason ?? "", http.RequestAborted)) : ApiProblems.Refused(filter.Refusal);
        }

        if (!selection.TryReadIds(out var ids)) return ApiProblems.Invalid("ids", "one is not an id such as work_….");
        return Answer(await service.DiscardAsync(actor, ids, selection.Reason ?? "", http.RequestAborted));
    }

    private static async Task<Ok<DeadLetterOperationList>> OperationsAsync(HttpContext http, DeadLetterQueries queries) =>
        TypedResults.Ok(new DeadLetterOperationList([.. (await queries.BulksAsync(http.User.ToActor(http), http.RequestAborted)).Select(DeadLetterOperationResource.From)], null));

    /// <summary>The body is read here, so that whoever may not do this is told so before anything about the body.</summary>
    private static async Task<(DeadLetterSelection? Selection, ProblemHttpResult? Problem)> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType()) return (null, ApiProblems.NotJson);
        try
        {
            return await http.Request.ReadFromJsonAsync<DeadLetterSelection>(http.RequestAborted) switch
            {
                null => (null, ApiProblems.Invalid("body", "give an object.")),
                { SaysNothing: true } => (null, ApiProblems.Invalid("ids", "say which work: give ids, or a filter such as 'state': 'stopped' for all that has stopped.")),
                var selection => (selection, null),
            };
        }
        catch (JsonException exception)
        {
            return (null, ApiProblems.Unreadable(exception));
        }
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(DeadLetterSelection), parameterDescription: null, cancellation) },
            },
        };

    private static Results<Ok<DeadLetterOutcomeResource>, ProblemHttpResult> Answer(Result<DeadLetterOutcome> result) =>
        result.Succeeded ? TypedResults.Ok(DeadLetterOutcomeResource.From(result.Value)) : ApiProblems.Refused(result.Refusal);
}
