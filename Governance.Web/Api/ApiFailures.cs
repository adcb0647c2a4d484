using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;

namespace Governance.Web.Api;

/// <summary>Answers what went wrong in the API as problem details, where a page would show the error page: what cannot be read says which part it is.</summary>
internal sealed partial class ApiFailures : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!ApiEndpoints.IsApi(httpContext)) return false;
        var answer = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => ApiProblems.Unreadable(json),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad when Parameter().Match(bad.Message) is { Success: true } parameter =>
                parameter.Groups["body"].Success ? ApiProblems.Invalid("body", "give an object.")
                : ApiProblems.Invalid(parameter.Groups["name"].Value, "it is missing, given twice, or of the wrong kind. See /openapi/v1.json."),
            BadHttpRequestException bad => ApiProblems.Unreadable(bad.StatusCode),
            InvalidOperationException when IsInUnknownCharset(httpContext.Request) => ApiProblems.NotJson,
            _ => ApiProblems.Failed,
        };
        await answer.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>The framework reads bodies in any encoding that it knows, and fails on others.</summary>
    private static bool IsInUnknownCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.CharSet is not { Length: > 0 } charset) return false;
        try
        {
            Encoding.GetEncoding(charset.Trim('"'));
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>How the framework names the parameter that it cannot bind: <c>"Nullable&lt;int&gt; limit"</c>.</summary>
    [GeneratedRegex("^(Failed to bind|Required|Implicit body inferred for) parameter \"([^\"]* )?(?<name>\\w+)\"(?<body>.*\\bbody\\b)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();
}
