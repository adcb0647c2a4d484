using System.IO.Compression;
using Governance.Web.Api;
using Microsoft.AspNetCore.ResponseCompression;

namespace Governance.Web.Security;

/// <summary>
/// Compresses the API's answers and the exports, and nothing else. Pages mix what a request says with secrets such as the token
/// of a form, and the length of a compressed answer then tells one by the other (BREACH). The API takes no cookie, so no other
/// site can have it asked; an export holds no token. Static assets were compressed when the site was built.
/// </summary>
internal static class SafeCompression
{
    public static IServiceCollection AddSafeCompression(this IServiceCollection services)
    {
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        return services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/problem+json", "text/csv"];
        });
    }

    public static void UseSafeCompression(this IApplicationBuilder app) => app.UseWhen(IsSafe, safe => safe.UseResponseCompression());

    private static bool IsSafe(HttpContext http) =>
        ApiEndpoints.IsApi(http) || http.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase) || http.Request.Path.StartsWithSegments("/export", StringComparison.OrdinalIgnoreCase);
}
