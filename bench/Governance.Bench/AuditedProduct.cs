using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Web;
using Microsoft.EntityFrameworkCore;

namespace Governance.Bench;

/// <summary>The product's services in this process, over a database of their own: an organisation and some people. No server listens and no job runs.</summary>
internal sealed class AuditedProduct : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly bool _kept;
    private readonly WebApplication _app;

    private AuditedProduct(DirectoryInfo directory, bool kept, WebApplication app, Guid organizationId, IReadOnlyList<Guid> people) =>
        (_directory, _kept, _app, OrganizationId, People) = (directory, kept, app, organizationId, people);

    public Guid OrganizationId { get; }

    public IReadOnlyList<Guid> People { get; }

    /// <summary>Who reads and exports: no person, so that reading leaves as few events as possible.</summary>
    public Actor Reader => Actor.System(OrganizationId);

    public GovernanceDatabase Database => Get<GovernanceDatabase>();

    /// <summary>On what it runs, for the heading of the figures.</summary>
    public string Name => Database.Provider == DatabaseProvider.Postgres ? "PostgreSQL" : "SQLite, synchronous=FULL";

    /// <param name="postgres">A connection string; none for SQLite.</param>
    /// <param name="people">How many there are.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="data">A directory that is kept, and with it the organisation that is already there; none for a new one each time.</param>
    public static async Task<AuditedProduct> CreateAsync(string? postgres, int people, CancellationToken cancellation, string? data = null)
    {
        var directory = data is null ? Directory.CreateTempSubdirectory("governance-bench") : Directory.CreateDirectory(data);
        string[] arguments = [$"--Data:Directory={directory.FullName}", "--Logging:LogLevel:Default=Warning"];
        if (postgres is not null) arguments = [.. arguments, "--Database:Provider=Postgres", $"--ConnectionStrings:Governance={postgres}"];
        var app = GovernanceApplication.Build(arguments);
        await app.PrepareAsync(cancellation);
        await using (var db = app.Services.GetRequiredService<GovernanceDatabase>().AcrossOrganizations())
        {
            if (await db.Organizations.Select(known => (Guid?)known.Id).FirstOrDefaultAsync(cancellation) is { } known)
                return new AuditedProduct(directory, kept: true, app, known, []);
        }

        await using var scope = app.Services.CreateAsyncScope();
        var organization = Required(await scope.ServiceProvider.GetRequiredService<OrganizationService>()
            .CreateAsync(new NewOrganization("Bench", "Europe/Berlin", "USD", SecondFactorRoles: []), cancellation));
        var ids = new List<Guid>();
        for (var person = 0; person < people; person++)
        {
            ids.Add(Required(await scope.ServiceProvider.GetRequiredService<PersonService>().CreateAsync(
                Actor.System(organization.Id), new NewPerson($"Person {person}", $"person{person}@example.test", MeasuredProduct.Password, Roles.CostViewer), cancellation)).Id);
        }

        return new AuditedProduct(directory, data is not null, app, organization.Id, ids);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (!_kept) _directory.Delete(recursive: true);
    }

    private static T Required<T>(Result<T> result) => result.Succeeded ? result.Value : throw new InvalidOperationException(result.Refusal.Message);
}
