using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Organizations;

namespace Governance.Web.Demo;

/// <summary>The demo's keys and service accounts, made at different times in the past so that each kind of warning can be seen.</summary>
internal sealed class DemoKeys(IServiceProvider services, KeyOwners owners, TimeProvider time)
{
    private static readonly TimeSpan UsualAge = TimeSpan.FromDays(75);

    /// <summary>One key for each application, by the application's name. The first has no limits: the demo calls with it.</summary>
    public async Task<Dictionary<string, CreatedKey>> CreateAsync(Actor actor, IReadOnlyList<ApplicationRow> applications, CancellationToken cancellation)
    {
        var people = (await owners.ListAsync(actor, cancellation)).ToDictionary(owner => owner.Name, owner => owner.Id);
        var created = new Dictionary<string, CreatedKey>();
        foreach (var application in DemoCompany.Applications)
        {
            var row = applications.Single(row => row.Name == application.Name);
            var name = $"{application.Name} {application.Environment}";
            var request = new NewVirtualKey(row.Id, name, application.Environment, application.DataClass)
            {
                OwnerId = people[DemoCompany.People.First(person => person.Team == application.Team).Name],
                Scopes = [.. ProxyApis.All.Select(api => api.Name)],
            };
            created[application.Name] = application.Name switch
            {
                "Document indexer" => await AgoAsync(actor, TimeSpan.FromDays(212), request, cancellation),
                "Search ranking" => await AgoAsync(actor, UsualAge, request with { ExpiresAt = time.GetUtcNow().AddDays(9) }, cancellation),
                "Catalogue writer" => await AgoAsync(actor, UsualAge, request with { AllowedModels = ["gpt-5-mini", "gemini-*"] }, cancellation),
                _ => await AgoAsync(actor, UsualAge, request, cancellation),
            };
        }

        // Rotated the day before yesterday; the old secret still works.
        var rotated = created["Code review bot"];
        created["Code review bot"] = Required(await At<KeyService>(TimeSpan.FromDays(2)).RotateAsync(actor, rotated.Id, TimeSpan.FromDays(7), cancellation));
        await CreateExpiringAccountAsync(actor, people[DemoCompany.People.First(person => person.Team == "Finance").Name], cancellation);
        return created;
    }

    private async Task CreateExpiringAccountAsync(Actor actor, Guid ownerId, CancellationToken cancellation)
    {
        var request = new NewServiceAccount("Month-end export (demo)")
        {
            OwnerId = ownerId,
            Scopes = [Permissions.CostsRead],
            ExpiresAt = time.GetUtcNow().AddDays(12),
        };
        Required(await At<ServiceAccountService>(UsualAge).CreateAsync(actor, request, cancellation));
    }

    private async Task<CreatedKey> AgoAsync(Actor actor, TimeSpan ago, NewVirtualKey request, CancellationToken cancellation) =>
        Required(await At<KeyService>(ago).CreateAsync(actor, request, cancellation));

    /// <summary>The product's own service, as it worked some time ago.</summary>
    private T At<T>(TimeSpan ago)
    {
        var then = new Earlier(time, ago);
        return ActivatorUtilities.CreateInstance<T>(services, then, new AuditTrail(then));
    }

    private static T Required<T>(Result<T> result) =>
        result.Succeeded ? result.Value : throw new InvalidOperationException($"Demo data could not be made: {result.Refusal.Message}");

    private sealed class Earlier(TimeProvider time, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() - by;
    }
}
