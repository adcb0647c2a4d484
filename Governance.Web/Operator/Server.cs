using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Web.Demo;
using Governance.Web.Identity;

namespace Governance.Web.Operator;

/// <summary>Serves until it is told to stop, and says what to do next.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(bool demo, string? urls, CancellationToken cancellation)
    {
        try
        {
            string[] settings = [.. urls is null ? [] : new[] { $"--urls={urls}" }, .. demo ? new[] { $"--{ProviderOptions.Section}:Sandbox:Enabled=true" } : []];
            await using var app = GovernanceApplication.Build(settings, demo ? DemoAnchors.Configure : null);
            await app.PrepareAsync(cancellation);
            await app.StartAsync(cancellation);
            var url = app.Urls.First();
            if (demo) await DemoCommand.RunAsync(app.Services, url, cancellation);
            else await GreetAsync(app.Services, url, cancellation);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception exception) when (Configuration.Failures(exception) is { } failures)
        {
            return await Configuration.ReportAsync(failures);
        }
    }

    private static async Task GreetAsync(IServiceProvider services, string url, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<OrganizationService>().AnyAsync(cancellation))
            Console.WriteLine($"\nGovernance is ready: {url}\n");
        else
            Console.WriteLine($"\nGovernance is ready. Set it up here (the link works once):\n  {url}/setup?token={scope.ServiceProvider.GetRequiredService<SetupFlow>().Token}\n");
    }
}
