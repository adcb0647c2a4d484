using Microsoft.AspNetCore.Diagnostics;

namespace Governance.Web.Api;

/// <summary>Answers what went wrong unexpectedly in the API as problem details, where a page would show the error page.</summary>
internal sealed class ApiFailures : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!ApiEndpoints.IsApi(httpContext)) return false;
        var answer = exception is BadHttpRequestException bad ? ApiProblems.Unreadable(bad.StatusCode) : ApiProblems.Failed;
        await answer.ExecuteAsync(httpContext);
        return true;
    }
}
