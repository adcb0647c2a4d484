using Governance.Infrastructure;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Governance.Testing.Server;

/// <summary>The product's services without its web server, as one process has them. Several over one database are several processes.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    /// <param name="database">The database it works on.</param>
    /// <param name="time">Its clock; a standing one if none is given.</param>
    /// <param name="settings">Configuration beside the database's.</param>
    /// <param name="configure">Services to add or replace.</param>
    public ProductProcess(
        TestDatabase database, TimeProvider? time = null, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        Time = time ?? new FakeTime();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(database.Settings).AddInMemoryCollection(settings ?? new Dictionary<string, string?>()).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(Logs));
        services.AddInfrastructure(configuration);
        services.AddSingleton(new OwnAddress(() => "http://127.0.0.1:1"));
        services.Replace(ServiceDescriptor.Singleton(Time));
        configure?.Invoke(services);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public TimeProvider Time { get; }

    /// <summary>The clock, where it is one to set by hand.</summary>
    public FakeTime Clock => (FakeTime)Time;

    public CapturedLogs Logs { get; } = new();

    public IServiceProvider Services => _provider;

    public GovernanceDatabase Database => Get<GovernanceDatabase>();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Does what a process does before it serves, and starts the ledger's writer.</summary>
    public async Task<ProductProcess> StartAsync()
    {
        await Get<DatabaseStartup>().RunAsync(CancellationToken.None);
        await Get<ProcessRegistry>().RegisterAsync(CancellationToken.None);
        await Get<CallLedger>().StartAsync(CancellationToken.None);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await Get<CallLedger>().StopAsync(CancellationToken.None);
        await _provider.DisposeAsync();
    }
}
