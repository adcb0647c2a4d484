using Governance.Infrastructure.Audit;
using Governance.Web.Identity;

namespace Governance.Web.Components;

/// <summary>Has each download of a page's rows leave an entry in the audit log before its first byte: if that fails, there is no download.</summary>
internal sealed class RecordedDownloads(DownloadLog log) : IEndpointFilter
{
    private const int MaxParameters = 20;
    private const int MaxLength = 200;
    private const string Given = "(given)";

    /// <summary>What was typed can name a person, and would stay when they are erased.</summary>
    private static readonly string[] FreeTexts = ["search", "text"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var http = context.HttpContext;
        if (result is not IFileHttpResult) return result; // A refusal.
        var parameters = http.Request.Query.Take(MaxParameters).ToDictionary(
            parameter => Cut(parameter.Key), parameter => FreeTexts.Contains(parameter.Key) ? Given : Cut(parameter.Value.ToString()), StringComparer.Ordinal);
        await log.RecordAsync(Path.GetFileName(http.Request.Path), http.User.ToActor(http), parameters, http.RequestAborted);
        return result;
    }

    private static string Cut(string text) => text.Length > MaxLength ? text[..MaxLength] : text;
}
