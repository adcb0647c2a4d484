namespace Governance.Web.Security;

/// <summary>
/// Shows a page whose form was refused by a limit, as if it was opened anew, with the status 429; its layout says why. The second
/// pass is an ordinary request for the page, which limits do not count and authorisation does check.
/// </summary>
internal sealed class RefusedForms(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Wait() is null || http.Response.HasStarted) return;

        http.Request.Method = HttpMethods.Get;
        await next(http);
    }
}
