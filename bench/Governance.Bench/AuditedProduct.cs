using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Web;

namespace Governance.Bench;

/// <summary>The product's services in this process, over a database of their own: an organisation and some people. No server listens and no job runs.</summary>
internal sealed class AuditedProduct : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly WebApplication _app;

    private AuditedProduct(DirectoryInfo directory, WebApplication app, Guid organizationId, IReadOnlyList<Guid> people) =>
        (_directory, _app, OrganizationId, People) = (directory, app, organizationId, people);

    public Guid OrganizationId { get; }

    public IReadOnlyList<Guid> People { get; }

    /// <summary>Who reads and exports: no person, so that reading leaves as few events as possible.</summary>
    public Actor Reader => Actor.System(OrganizationId);

    public GovernanceDatabase Database => Get<GovernanceDatabase>();

    /// <summary>On what it runs, for the heading of the figures.</summary>
    public string Name => Database.Provider == DatabaseProvider.Postgres ? "PostgreSQL" : "SQLite, synchronous=FULL";

    public static async Task<AuditedProduct> CreateAsync(string? postgres, int people, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("governance-bench");
        string[] arguments = [$"--Data:Directory={directory.FullName}", "--Logging:LogLevel:Default=Warning"];
        if (postgres is not null) arguments = [.. arguments, "--Database:Provider=Postgres", $"--ConnectionStrings:Governance={postgres}"];
        var app = GovernanceApplication.Build(arguments);
        await app.PrepareAsync(cancellation);
        await using var scope = app.Services.CreateAsyncScope();
        var organization = Required(await scope.ServiceProvider.GetRequiredService<OrganizationService>()
            .CreateAsync(new NewOrganization("Bench", "Europe/Berlin", "USD", SecondFactorRoles: []), cancellation));
        var ids = new List<Guid>();
        for (var person = 0; person < people; person++)
        {
            ids.Add(Required(await scope.ServiceProvider.GetRequiredService<PersonService>().CreateAsync(
                Actor.System(organization.Id), new NewPerson($"Person {person}", $"person{person}@example.test", MeasuredProduct.Password, Roles.CostViewer), cancellation)).Id);
        }

        return new AuditedProduct(directory, app, organization.Id, ids);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static T Required<T>(Result<T> result) => result.Succeeded ? result.Value : throw new InvalidOperationException(result.Refusal.Message);
}
