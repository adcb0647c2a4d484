using Governance.Infrastructure.Identity.Tokens;
using Governance.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Governance.Web.Api.Tokens;

/// <summary>Where people's programs get tokens, and where anybody gets the keys to verify them.</summary>
internal static class TokensApi
{
    /// <summary>Far shorter than a key is published before it signs.</summary>
    private const string KeySetCaching = "public, max-age=300";

    public static IServiceCollection AddTokensApi(this IServiceCollection services) => services
        .AddScoped<ITokenGrant, RefreshTokenGrant>()
        .AddScoped<ITokenGrant, PasswordGrant>();

    public static void MapTokens(this RouteGroupBuilder api) => api.MapPost("/auth/token", GrantAsync)
        .AllowAnonymous().RequireRateLimiting(RateLimits.Token)
        .WithName("GetToken").WithSummary("Gives an access token and a refresh token (RFC 6749).")
        .Produces<TokenReply>()
        .Produces<TokenError>(StatusCodes.Status400BadRequest)
        .AddOpenApiOperationTransformer(DescribeAsync);

    public static void MapKeySet(this WebApplication app) => app
        .MapGet("/.well-known/jwks.json", KeySetAsync).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Says by hand what it takes: as metadata of the endpoint it would keep other requests from getting an answer after RFC 6749.</summary>
    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(TokenRequestBody), parameterDescription: null, cancellation);
        operation.Security = [];
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-www-form-urlencoded"] = new() { Schema = schema },
                ["application/json"] = new() { Schema = schema },
            },
        };
    }

    private static async Task<IResult> GrantAsync(HttpContext http, IEnumerable<ITokenGrant> grants, CallerLimits limits)
    {
        // Tokens, and errors about them, are nobody's to keep (RFC 6749, 5.1).
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";

        var (request, error) = await TokenRequest.ReadAsync(http);
        if (error is not null) return Refuse(error);
        if (request!["username"] is { } username && limits.Take(RateLimits.Token, username) is { } wait)
        {
            await TooManyRequests.RefuseAsync(http, wait);
            return TypedResults.Empty;
        }

        if (request["grant_type"] is not { } type) return Refuse(TokenError.InvalidRequest("The parameter grant_type is missing."));
        if (grants.FirstOrDefault(grant => grant.Type == type) is not { } grant)
            return Refuse(TokenError.UnsupportedGrantType(grants.Select(grant => grant.Type)));

        var result = await grant.GrantAsync(request, http);
        return result.Tokens is { } tokens ? TypedResults.Json(TokenReply.Of(tokens)) : Refuse(result.Error!);
    }

    private static async Task<JsonHttpResult<KeySet>> KeySetAsync(HttpContext http, SigningKeyRing ring)
    {
        var published = await ring.PublishedAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = KeySetCaching;
        return TypedResults.Json(new KeySet([.. published.Select(JsonWebKey.Of)]), contentType: "application/jwk-set+json");
    }

    private static JsonHttpResult<TokenError> Refuse(TokenError error) => TypedResults.Json(error, statusCode: error.Status);
}
