using System.Text.Json;
using System.Text.RegularExpressions;
using Governance.Domain;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>The API's errors, as RFC 9457 problem details with a stable code.</summary>
internal static partial class ApiProblems
{
    public static ProblemHttpResult Unauthorized { get; } = Problem(401, "invalid_api_token",
        "Send the key of a service account (gvs_…) or an access token as 'Authorization: Bearer …'. An administrator creates keys on the Keys page.");

    public static ProblemHttpResult Forbidden { get; } = Problem(403, "forbidden",
        "The token does not allow this. An administrator decides what a service account, or a person, may do.");

    public static ProblemHttpResult Invalid(string parameter, string message) => Problem(400, "invalid_parameter", $"'{parameter}': {message}");

    public static ProblemHttpResult NotFound(string message) => Problem(404, "not_found", message);

    public static ProblemHttpResult TooManyGroups(string message) => Problem(422, "too_many_groups", message);

    public static ProblemHttpResult Failed { get; } = Problem(500, "internal_error", "The request failed on the server. It was logged.");

    public static ProblemHttpResult NotJson { get; } = Problem(415, "unsupported_media_type", "Send the body as 'Content-Type: application/json', in UTF-8.");

    public static ProblemHttpResult MethodNotAllowed(string method, string allowed) =>
        Problem(405, "method_not_allowed", $"{method} cannot be done there, but {allowed}. See /openapi/v1.json.");

    public static ProblemHttpResult Unreadable(int status) =>
        Problem(status, status == 413 ? "body_too_large" : "unreadable_request", status == 413 ? "The request's body is too large." : "The request cannot be read.");

    /// <summary>A body that is no JSON of the shape that is asked for.</summary>
    public static ProblemHttpResult Unreadable(JsonException exception)
    {
        var path = exception.Path is { Length: > 0 and <= 100 } place ? place : "body";
        return Missing().Match(exception.Message) is { Success: true } missing
            ? Invalid($"{path}.{missing.Groups["name"].Value}", "it is missing.")
            : Invalid(path, "it is no JSON, or a member is missing, of the wrong kind, given twice or not known here. See /openapi/v1.json.");
    }

    public static ProblemHttpResult TooManyRequests(long seconds) =>
        Problem(429, "rate_limited", $"Too many requests came from this key or address. Try again in {seconds} s.");

    public static ProblemHttpResult Busy(string code, string message) => Problem(503, code, message);

    /// <summary>Why a service refused.</summary>
    public static ProblemHttpResult Refused(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Invalid => Invalid(refusal.Field is { } field ? NameOf(field) : "body", refusal.Message),
        RefusalKind.NotFound => NotFound(refusal.Message),
        RefusalKind.Conflict => Problem(409, "conflict", refusal.Message),
        RefusalKind.Busy => Busy("busy", refusal.Message),
        RefusalKind.TooMany => Problem(429, "rate_limited", refusal.Message),
        _ => Problem(403, "forbidden", refusal.Message),
    };

    /// <summary>A parameter as the API calls it; a header has its own name.</summary>
    private static string NameOf(string field) => field.All(char.IsAsciiLetterOrDigit) ? JsonNamingPolicy.CamelCase.ConvertName(field) : field;

    /// <summary>How the serialiser says which member is missing; the first is enough.</summary>
    [GeneratedRegex("missing required properties including: '(?<name>\\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Missing();

    private static ProblemHttpResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
