using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Web.Api.Audit;
using Governance.Web.Api.Tokens;
using Governance.Web.Security;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing.Template;

namespace Governance.Web.Api;

/// <summary>The API below /api/v1. Lists answer <c>{"items":[…],"next":cursor}</c>; errors are problem details.</summary>
internal static class ApiEndpoints
{
    private const string Root = "/api/v1";
    private const string Rest = "{*path}";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiFailures>();
        services.AddOpenApi(options => options.AddDocumentTransformer<ApiDescription>());
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // ApiFailures says what cannot be read.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));

            // What is left out or misspelt must not become a zero or a default: a budget of nothing stops every call.
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
        });
        return services.AddTokensApi().AddAuditApi();
    }

    /// <summary>Whether a request is for machines, which get errors as problem details.</summary>
    public static bool IsApi(HttpContext http)
    {
        // Where a failure is answered, the request already has the path of the error page.
        PathString path = http.Features.Get<IExceptionHandlerFeature>()?.Path ?? http.Request.Path;
        return path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var api = app.MapGroup(Root).RequireAuthorization(ApiBearer.Policy).RequireRateLimiting(RateLimits.Api).DisableAntiforgery();
        api.MapTokens();
        api.MapRequests();
        api.MapCosts();
        api.MapConnections();
        api.MapRoutes();
        api.MapResponseCache();
        api.MapBudgets();
        api.MapLimits();
        api.MapDeadLetters();
        api.MapAudit();
        api.MapFallback(Rest, NotThere).ExcludeFromDescription();
        app.MapKeySet();
        app.MapNowhere();
    }

    /// <summary>What no endpoint takes as it was asked: the method is another one there, or the body of another kind, or there is nothing.</summary>
    private static ProblemHttpResult NotThere(HttpContext http, EndpointDataSource endpoints)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } route && route.StartsWith(Root, StringComparison.Ordinal) && !route.EndsWith(Rest, StringComparison.Ordinal)
                && new TemplateMatcher(TemplateParser.Parse(route.TrimStart('/')), []).TryMatch(http.Request.Path, []))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        if (methods.Count == 0) return ApiProblems.NotFound($"There is nothing at {http.Request.Path}. See /openapi/v1.json.");
        if (methods.Contains(http.Request.Method)) return ApiProblems.NotJson;
        http.Response.Headers.Allow = string.Join(", ", methods);
        return ApiProblems.MethodNotAllowed(http.Request.Method, string.Join(" and ", methods));
    }

    /// <summary>
    /// Programs that ask where there is nothing, such as an SDK whose base URL lacks <c>/proxy/openai</c>, are told so and not led to the sign-in page. People are
    /// shown a page (<see cref="Components.UserInterfaceServices"/>).
    /// </summary>
    private static void MapNowhere(this WebApplication app)
    {
        var methods = new HttpMethodMetadata([HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete]);
        app.MapFallback("/v1/{**path}", NothingHere).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapFallback("{**path}", NothingHere).WithMetadata(methods).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }

    private static ProblemHttpResult NothingHere(HttpContext http) => ApiProblems.NotFound(
        $"There is nothing at {http.Request.Method} {http.Request.Path}. Applications call models below /proxy: the base URL is /proxy/openai/v1 for OpenAI, /proxy/anthropic for Anthropic, " +
        "/proxy/<connection> for a connection. The API is below /api/v1, see /openapi/v1.json.");
}
