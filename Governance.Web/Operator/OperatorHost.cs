using Governance.Infrastructure.Data;

namespace Governance.Web.Operator;

/// <summary>Runs an operator's command against the configured database, without serving.</summary>
internal static class OperatorHost
{
    /// <param name="command">Answers none on success, else what is wrong.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<string?>> command, CancellationToken cancellation)
    {
        try
        {
            await using var app = GovernanceApplication.Build(["--Logging:LogLevel:Default=Warning"]);
            await app.Services.GetRequiredService<DatabaseStartup>().RunAsync(cancellation);
            await using var scope = app.Services.CreateAsyncScope();
            if (await command(scope.ServiceProvider) is not { } error) return 0;
            await Console.Error.WriteLineAsync(error);
            return 1;
        }
        catch (Exception exception) when (Configuration.Failures(exception) is { } failures)
        {
            return await Configuration.ReportAsync(failures);
        }
    }
}
