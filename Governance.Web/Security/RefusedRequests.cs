using Governance.Web.Api;
using Microsoft.AspNetCore.Diagnostics;

namespace Governance.Web.Security;

/// <summary>
/// Answers requests that the server could not read, such as one whose body is too large, with the server's own verdict: the error
/// page would have to read them, too.
/// </summary>
internal sealed class RefusedRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad || ApiEndpoints.IsApi(httpContext)) return false;
        httpContext.Response.StatusCode = bad.StatusCode;
        await httpContext.Response.WriteAsync(
            bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request is too large." : "The request cannot be read.", cancellationToken);
        return true;
    }
}
