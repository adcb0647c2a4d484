using Governance.Domain;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>The API's errors, as RFC 9457 problem details with a stable code.</summary>
internal static class ApiProblems
{
    public static ProblemHttpResult Unauthorized { get; } = Problem(401, "invalid_api_token",
        "Send the key of a service account (gvs_…) or an access token as 'Authorization: Bearer …'. An administrator creates keys on the Keys page.");

    public static ProblemHttpResult Forbidden { get; } = Problem(403, "forbidden",
        "The token does not allow this. An administrator decides what a service account, or a person, may do.");

    public static ProblemHttpResult Invalid(string parameter, string message) => Problem(400, "invalid_parameter", $"'{parameter}': {message}");

    public static ProblemHttpResult NotFound(string message) => Problem(404, "not_found", message);

    public static ProblemHttpResult TooManyGroups(string message) => Problem(422, "too_many_groups", message);

    public static ProblemHttpResult Failed { get; } = Problem(500, "internal_error", "The request failed on the server. It was logged.");

    public static ProblemHttpResult Unreadable(int status) =>
        Problem(status, status == 413 ? "body_too_large" : "unreadable_request", status == 413 ? "The request's body is too large." : "The request cannot be read.");

    public static ProblemHttpResult TooManyRequests(long seconds) =>
        Problem(429, "rate_limited", $"Too many requests came from this key or address. Try again in {seconds} s.");

    public static ProblemHttpResult Busy(string code, string message) => Problem(503, code, message);

    /// <summary>Why a service refused.</summary>
    public static ProblemHttpResult Refused(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Invalid => Invalid(refusal.Field ?? "body", refusal.Message),
        RefusalKind.NotFound => NotFound(refusal.Message),
        RefusalKind.Conflict => Problem(409, "conflict", refusal.Message),
        RefusalKind.Busy => Busy("busy", refusal.Message),
        RefusalKind.TooMany => Problem(429, "rate_limited", refusal.Message),
        _ => Problem(403, "forbidden", refusal.Message),
    };

    private static ProblemHttpResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
