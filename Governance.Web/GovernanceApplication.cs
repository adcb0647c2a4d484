using System.Globalization;
using Governance.Infrastructure;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Web.Api;
using Governance.Web.Components;
using Governance.Web.Demo;
using Governance.Web.Identity;
using Governance.Web.Identity.External;
using Governance.Web.Notifications;
using Governance.Web.Proxy;
using Governance.Web.Sandbox;
using Governance.Web.Security;
using Governance.Web.Telemetry;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Governance.Web;

/// <summary>The application: its services, its pipeline, its routes.</summary>
public static class GovernanceApplication
{
    /// <summary>Builds the application. Nothing is opened or written yet.</summary>
    /// <param name="args">Configuration from the command line.</param>
    /// <param name="configure">Changes that tests make.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(GovernanceApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.Services
            .AddInfrastructure(builder.Configuration)
            .AddWebSecurity(builder.Configuration)
            .AddSignIn(builder.Configuration)
            .AddLocalFormats()
            .AddUserInterface()
            .AddProxyEndpoints()
            .AddOwnAddress()
            .AddApi()
            .AddTelemetry(builder.Configuration)
            .AddScoped<DemoPeople>()
            .AddScoped<DemoKeys>()
            .AddScoped<DemoGrants>()
            .AddScoped<DemoReviews>()
            .AddScoped<DemoFilters>()
            .AddScoped<DemoCharges>()
            .AddScoped<DemoConnections>()
            .AddScoped<DemoBudgets>()
            .AddScoped<DemoLimits>()
            .AddScoped<DemoResilience>()
            .AddScoped<DemoDeadLetters>()
            .AddScoped<DemoOrganization>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseWebSecurity();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            CreateScopeForErrors = true,
            StatusCodeSelector = exception => exception is BadHttpRequestException unreadable ? unreadable.StatusCode : StatusCodes.Status500InternalServerError,
            // A failure is logged whoever answers it; a request that cannot be read is none of ours.
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException,
        });
        app.UseProxyShortcut();
        app.UseRequestLocalization();
        app.UseAuthentication();
        app.UseAddressLimits();
        app.UseAuthorization();
        app.UseCallerLimits();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapProxy();
        app.MapSandbox();
        app.MapApi();
        app.MapMetrics();
        app.MapSignOut();
        app.MapExternalSignIn();
        app.MapPasskeys();
        app.MapUserInterface();
        return app;
    }

    /// <summary>Checks the configuration, brings the database up to date and registers this process; to be called before the server listens.</summary>
    /// <exception cref="OptionsValidationException">The configuration is wrong; several sections, and it is an <see cref="AggregateException"/>.</exception>
    public static async Task PrepareAsync(this WebApplication app, CancellationToken cancellation = default)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        await app.Services.GetRequiredService<DatabaseStartup>().RunAsync(cancellation);
        await app.Services.GetRequiredService<ProcessRegistry>().RegisterAsync(cancellation);
        await app.Services.GetRequiredService<LimitExchange>().RunAsync(cancellation);
    }

    /// <summary>Pages are in English; numbers, dates and currencies follow the viewer's culture.</summary>
    private static IServiceCollection AddLocalFormats(this IServiceCollection services) =>
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture("en-US");
            options.SupportedCultures = [.. CultureInfo.GetCultures(CultureTypes.SpecificCultures | CultureTypes.NeutralCultures)];
            options.SupportedUICultures = [CultureInfo.GetCultureInfo("en-US")];
        });

    /// <summary>Live: the process answers. Ready: it can do its work.</summary>
    private static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") }).AllowAnonymous();
    }
}
