using Governance.Web.Api;
using Governance.Web.Identity;
using Governance.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Governance.Web.Telemetry;

/// <summary>Metrics to fetch at <c>/metrics</c>, and the export of metrics and spans.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddSingleton<IAuthorizationHandler, MetricsReaderHandler>();
        services.AddAuthorizationBuilder().AddPolicy(MetricsReader.Policy, policy => policy.AddAuthenticationSchemes(ApiBearer.Scheme).AddRequirements(new MetricsReader()));
        services.AddSingleton<MetricStore>().AddHostedService(provider => provider.GetRequiredService<MetricStore>());
        return services.AddHostedService<TelemetryExport>();
    }

    public static void MapMetrics(this WebApplication app) => app
        .MapGet("/metrics", (HttpContext http, MetricStore store) => TypedResults.Text(store.Read(http.User.FindActor()?.OrganizationId), PrometheusText.ContentType))
        .RequireAuthorization(MetricsReader.Policy).RequireRateLimiting(RateLimits.Api).ExcludeFromDescription();
}
