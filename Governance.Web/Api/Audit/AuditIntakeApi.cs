using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Web.Identity;
using Governance.Web.Proxy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Governance.Web.Api.Audit;

/// <summary>Takes events of other systems.</summary>
internal static class AuditIntakeApi
{
    public const string IdempotencyKey = "Idempotency-Key";

    private const int MaxBytes = 32 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 32,
    };

    public static void MapAuditIntake(this RouteGroupBuilder audit) => audit.MapPost("/logs", RecordAsync)
        .WithName("RecordAuditLog").WithSummary("Records an event of another system. It can never be changed or removed.")
        .WithDescription(
            $"With the header {IdempotencyKey} (up to {AuditIntake.MaxKey} visible ASCII characters), the same key from the same account again answers with the first event and records nothing. "
            + "Ids and codes become part of the log's tree for good, so they may hold no mail or network address; 'details' are encrypted.")
        .RequireAuthorization(Permissions.AuditWrite)
        .AddOpenApiOperationTransformer(DescribeAsync);

    /// <summary>Says by hand what it takes: the body is read here, so that whatever is wrong with it gets a clear answer.</summary>
    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(NewAuditLog), parameterDescription: null, cancellation) },
            },
        };
        operation.Parameters = [.. operation.Parameters ?? [], new OpenApiParameter
        {
            Name = IdempotencyKey,
            In = ParameterLocation.Header,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = AuditIntake.MaxKey },
        }];
    }

    private static async Task<Results<Created<RecordedAuditLog>, ProblemHttpResult>> RecordAsync(HttpContext http, AuditIntake intake)
    {
        if (!http.Request.HasJsonContentType()) return ApiProblems.Invalid("Content-Type", "send the event as application/json.");
        var (body, tooLarge) = await RequestBody.ReadAsync(http, MaxBytes);
        if (tooLarge is not null) return ApiProblems.Unreadable(StatusCodes.Status413PayloadTooLarge);

        ExternalEvent reported;
        try
        {
            var read = JsonSerializer.Deserialize<NewAuditLog>(body, Json);
            if (read is null) return ApiProblems.Invalid("body", "give an object.");
            if (read.TryRead(out var parsed) is { } wrong) return ApiProblems.Refused(wrong);
            reported = parsed!;
        }
        catch (JsonException exception)
        {
            return ApiProblems.Unreadable(exception);
        }

        var key = http.Request.Headers[IdempotencyKey];
        if (key.Count > 1) return ApiProblems.Invalid(IdempotencyKey, "give it once.");
        var recorded = await intake.RecordAsync(http.User.ToActor(http), reported, key.Count == 0 ? null : key.ToString(), http.RequestAborted);
        if (!recorded.Succeeded) return ApiProblems.Refused(recorded.Refusal);
        var id = PublicId.Format(PublicId.AuditEvent, recorded.Value);
        return TypedResults.Created($"/api/v1/audit/logs/{id}", new RecordedAuditLog(id));
    }
}

/// <summary>An event of another system.</summary>
/// <param name="Source">The system that reports it: a code.</param>
/// <param name="Action">What happened, as noun.verb.</param>
/// <param name="Resource">What it happened to.</param>
/// <param name="Category">What kind of event it is; security if absent.</param>
/// <param name="Severity">How much it matters: info, notice, warning or alarm; by the outcome if absent.</param>
/// <param name="Outcome">How it ended: success, failure or denied; success if absent.</param>
/// <param name="Actor">Who did it there.</param>
/// <param name="Reason">A short code.</param>
/// <param name="At">When it happened according to that system, as an instant with its offset. The log's own time is when it was recorded.</param>
/// <param name="Details">What else there is to say: an object of at most 16 KB.</param>
public sealed record NewAuditLog(
    string Source, string Action, NewAuditTarget Resource, string? Category = null, string? Severity = null, string? Outcome = null, NewAuditActor? Actor = null,
    string? Reason = null, DateTimeOffset? At = null, JsonElement? Details = null)
{
    internal Refusal? TryRead(out ExternalEvent? reported)
    {
        reported = null;
        if (!AuditLogsApi.TryRead<AuditCategory>(Category, out var category)) return Refusal.Invalid("category", AuditLogsApi.NamesOf<AuditCategory>());
        if (!AuditLogsApi.TryRead<AuditSeverity>(Severity, out var severity)) return Refusal.Invalid("severity", AuditLogsApi.NamesOf<AuditSeverity>());
        if (!AuditLogsApi.TryRead<AuditOutcome>(Outcome, out var outcome)) return Refusal.Invalid("outcome", AuditLogsApi.NamesOf<AuditOutcome>());
        reported = new ExternalEvent
        {
            Source = Source,
            Action = Action,
            ResourceType = Resource.Type,
            ResourceId = Resource.Id,
            ActorId = Actor?.Id,
            Category = category ?? AuditCategory.Security,
            Severity = severity,
            Outcome = outcome ?? AuditOutcome.Success,
            Reason = Reason,
            ReportedAt = At,
            Details = Details,
        };
        return null;
    }
}

/// <summary>What something happened to.</summary>
/// <param name="Type">The kind of thing. A 'person' is one of the organisation.</param>
/// <param name="Id">Which one.</param>
public sealed record NewAuditTarget(string Type, string? Id = null);

/// <summary>Who did something in another system.</summary>
/// <param name="Id">By an id of that system.</param>
public sealed record NewAuditActor(string? Id = null);

/// <summary>An event that was recorded.</summary>
/// <param name="Id">evt_….</param>
public sealed record RecordedAuditLog(string Id);
