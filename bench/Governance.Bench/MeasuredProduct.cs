using Governance.Domain;
using Governance.Domain.Budgets;
using Governance.Domain.Identity;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Web;

namespace Governance.Bench;

/// <summary>
/// The product in a process of its own, over a stub provider, with one key and some people; the key falls under three hard budgets and three limits. Limits by address and person are out of the
/// way: everything here comes from one address.
/// </summary>
internal sealed class MeasuredProduct : IDisposable
{
    public const string Password = "seven geese cross a wide river";

    private readonly DirectoryInfo _directory;
    private readonly ChildProcess _process;

    private MeasuredProduct(DirectoryInfo directory, ChildProcess stub, ChildProcess process, string key, string database) =>
        (_directory, Stub, _process, Key, Database) = (directory, stub, process, key, database);

    /// <summary>What stands in for the provider.</summary>
    public ChildProcess Stub { get; }

    public string Url => _process.Url;

    /// <summary>Its chat completions, called with <see cref="Key"/>.</summary>
    public Target Target => new(Url + "/proxy/openai/v1/chat/completions", Key);

    /// <summary>A key of the proxy.</summary>
    public string Key { get; }

    /// <summary>On what it runs, for the heading of the figures.</summary>
    public string Database { get; }

    /// <summary>The memory the process has at the moment, in MiB.</summary>
    public double Memory => _process.Memory;

    /// <summary>The most memory the process has had at once, in MiB.</summary>
    public double PeakMemory => _process.PeakMemory;

    /// <inheritdoc cref="ChildProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public static async Task<MeasuredProduct> StartAsync(string? postgres, int people, CancellationToken cancellation, params string[] set)
    {
        var directory = Directory.CreateTempSubdirectory("governance-bench");
        var stub = await ChildProcess.StartAsync(typeof(MeasuredProduct).Assembly.Location, ["stub"], new Dictionary<string, string>(), cancellation);
        var settings = new Dictionary<string, string>
        {
            ["Data__Directory"] = directory.FullName,
            ["Urls"] = "http://127.0.0.1:0",
            ["Providers__OpenAI__BaseUrl"] = stub.Url + "/v1",
            ["Providers__OpenAI__ApiKey"] = "stub",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var limit in new[] { "SignIn__PerAddress", "SignIn__PerCaller", "PasswordReset__PerAddress", "PasswordReset__PerCaller" })
            (settings[$"RateLimits__{limit}__Permits"], settings[$"RateLimits__{limit}__Window"]) = ("1000000", "00:00:01");
        if (postgres is not null) (settings["Database__Provider"], settings["ConnectionStrings__Governance"]) = ("Postgres", postgres);
        foreach (var pair in set) settings[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        try
        {
            var key = await PrepareAsync(settings, people, cancellation);
            var process = await ChildProcess.StartAsync(typeof(GovernanceApplication).Assembly.Location, [], settings, cancellation);
            return new MeasuredProduct(directory, stub, process, key, postgres is null ? "SQLite, synchronous=FULL" : "PostgreSQL");
        }
        catch
        {
            stub.Dispose(); // Or it would live on, and whoever reads this one's output would wait for it.
            directory.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>With what one of the people signs in.</summary>
    public static string EmailOf(int person) => $"person{person}@example.test";

    public void Dispose()
    {
        _process.Dispose();
        Stub.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>An organisation with one key and some people, made through the product's services before the server starts.</summary>
    private static async Task<string> PrepareAsync(Dictionary<string, string> settings, int people, CancellationToken cancellation)
    {
        var arguments = settings.Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}").ToArray();
        await using var app = GovernanceApplication.Build(arguments);
        await app.PrepareAsync(cancellation);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var organization = await services.GetRequiredService<OrganizationService>()
            .CreateAsync(new NewOrganization("Bench", "Etc/UTC", "USD", SecondFactorRoles: []), cancellation);
        var actor = Actor.System(Required(organization).Id);
        var application = await services.GetRequiredService<ApplicationService>().CreateAsync(actor, "Bench", "Bench", cancellation);
        var key = await services.GetRequiredService<KeyService>().CreateAsync(
            actor, new NewVirtualKey(Required(application).Id, "Bench", "test", "internal"), cancellation);
        foreach (var (whose, id) in new (BudgetScope, Guid?)[] { (BudgetScope.Key, Required(key).Id), (BudgetScope.Team, Required(application).TeamId), (BudgetScope.Organization, null) })
            Required(await services.GetRequiredService<BudgetService>().SetAsync(actor, new NewBudget(whose, id, BudgetWindow.Month, BudgetService.Largest, Hard: true), cancellation));
        foreach (var limited in new[] { LimitScope.Key, LimitScope.Team, LimitScope.Address })
            Required(await services.GetRequiredService<RateLimitService>().SetAsync(actor, limited, "default", new LimitValues(100_000_000, 1_000_000_000_000, 100_000), cancellation));
        for (var person = 0; person < people; person++)
        {
            Required(await services.GetRequiredService<PersonService>().CreateAsync(
                actor, new NewPerson($"Person {person}", EmailOf(person), Password, Roles.CostViewer), cancellation));
        }

        return Required(key).Secret;
    }

    private static T Required<T>(Result<T> result) => result.Succeeded ? result.Value : throw new InvalidOperationException(result.Refusal.Message);
}
