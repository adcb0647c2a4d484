using System.Net.Http.Headers;
using Governance.Testing.Data;
using Governance.Testing.Upstream;
using Governance.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Governance.Testing.Server;

/// <summary>The whole product, listening on a free port of loopback with a database and a data directory of its own.</summary>
public sealed class GovernanceServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestDatabase? _ownDatabase;

    private GovernanceServer(WebApplication app, CapturedLogs logs, TestDatabase database, TestDatabase? ownDatabase)
    {
        (_app, Logs, Database, _ownDatabase) = (app, logs, database, ownDatabase);
        Url = app.Urls.First();
        Client = NewClient();
    }

    public IServiceProvider Services => _app.Services;

    public string Url { get; }

    /// <summary>A client without a key; it neither follows redirects nor keeps cookies.</summary>
    public HttpClient Client { get; }

    public CapturedLogs Logs { get; }

    public TestDatabase Database { get; }

    /// <param name="database">The database, which stays the caller's; a new one if none is given.</param>
    /// <param name="upstream">What stands in for OpenAI.</param>
    /// <param name="settings">Further configuration, by keys such as Proxy:MaxRequestBytes.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="configure">Services to add or replace.</param>
    public static async Task<GovernanceServer> StartAsync(
        TestDatabase? database = null,
        StubUpstream? upstream = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? configure = null)
    {
        var ownDatabase = database is null ? await TestDatabase.CreateAsync() : null;
        var logs = new CapturedLogs();
        var all = new Dictionary<string, string?>((database ?? ownDatabase!).Settings) { ["Urls"] = "http://127.0.0.1:0" };
        if (upstream is not null)
        {
            all["Providers:OpenAI:BaseUrl"] = upstream.BaseUrl;
            all["Providers:OpenAI:ApiKey"] = StubUpstream.ApiKey;
        }

        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) all[key] = value;
        var app = GovernanceApplication.Build(
            [.. all.Where(setting => setting.Value is not null).Select(setting => $"--{setting.Key}={setting.Value}")],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(logs);
                if (time is not null) builder.Services.Replace(ServiceDescriptor.Singleton(time));
                configure?.Invoke(builder.Services);
            });
        await app.PrepareAsync();
        await app.StartAsync();
        return new GovernanceServer(app, logs, database ?? ownDatabase!, ownDatabase);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public Task<Tenant> AddTenantAsync(string timeZone = "UTC", string? name = null) => Tenant.CreateAsync(Services, timeZone, name);

    /// <summary>A further client, with a bearer key if one is given.</summary>
    public HttpClient NewClient(string? bearer = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Url) };
        if (bearer is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownDatabase is not null) await _ownDatabase.DisposeAsync();
    }
}
