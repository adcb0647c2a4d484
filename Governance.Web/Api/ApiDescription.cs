using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Governance.Web.Api;

/// <summary>What the description at /openapi/v1.json says beside the routes: what the API is and how to authenticate.</summary>
internal sealed class ApiDescription : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Governance",
            Version = "v1",
            Description = "Reads an organisation's calls, costs and audit log, and takes events of other systems into the log. Amounts are whole nano-dollars (1e-9 US dollar). "
                + "Authenticate with a service account's key, or an access token from /api/v1/auth/token, as bearer token.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiBearer.Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The key of a service account (gvs_…), or a person's access token (a JWT, verifiable by /.well-known/jwks.json).",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiBearer.Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
