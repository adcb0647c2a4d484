using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Organizations;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Testing.Server;

/// <summary>An organisation with a team, an application and a key, made through the product's own services.</summary>
/// <param name="Organization">The organisation, with the starting price book.</param>
/// <param name="Application">Its first application, and the team that owns it.</param>
/// <param name="Key">The application's key.</param>
public sealed record Tenant(Organization Organization, ApplicationRow Application, CreatedKey Key)
{
    private static int _count;

    public Guid Id => Organization.Id;

    /// <summary>Somebody who may do everything in it.</summary>
    public Actor Admin => Actor.System(Id);

    /// <summary>Somebody who may only read.</summary>
    public Actor Viewer => new(ActorKind.ServiceAccount, Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Id, [Permissions.CostsRead, Permissions.RequestsRead, Permissions.PricesRead, Permissions.KeysRead]);

    /// <param name="services">The product's services.</param>
    /// <param name="timeZone">Its reporting time zone.</param>
    /// <param name="name">Its name; one of its own if none is given.</param>
    /// <param name="secondFactorRoles">The roles that need a second factor; none unless named, so that a password is enough.</param>
    public static async Task<Tenant> CreateAsync(
        IServiceProvider services, string timeZone = "UTC", string? name = null, IReadOnlyList<string>? secondFactorRoles = null)
    {
        name ??= $"Organisation {Interlocked.Increment(ref _count)}";
        var organization = (await services.GetRequiredService<OrganizationService>()
            .CreateAsync(new NewOrganization(name, timeZone, "USD", SecondFactorRoles: secondFactorRoles ?? []), CancellationToken.None)).Required();
        var actor = Actor.System(organization.Id);
        var application = (await services.GetRequiredService<ApplicationService>()
            .CreateAsync(actor, "Assistant", "Platform", CancellationToken.None)).Required();
        return new Tenant(organization, application, await AddKeyAsync(services, actor, application.Id));
    }

    /// <summary>A further application with a key of its own.</summary>
    public async Task<(ApplicationRow Application, CreatedKey Key)> AddApplicationAsync(IServiceProvider services, string name, string team)
    {
        var application = (await services.GetRequiredService<ApplicationService>().CreateAsync(Admin, name, team, CancellationToken.None)).Required();
        return (application, await AddKeyAsync(services, Admin, application.Id));
    }

    /// <summary>Somebody who can sign in.</summary>
    public async Task<Person> AddPersonAsync(IServiceProvider services, string email, string password, string role = Roles.SystemAdmin, AccessScope scope = default)
    {
        await using var own = services.CreateAsyncScope();
        return (await own.ServiceProvider.GetRequiredService<PersonService>()
            .CreateAsync(Admin, new NewPerson(email.Split('@')[0], email, password, role, scope), CancellationToken.None)).Required();
    }

    /// <summary>The actor that a person's requests are made as, without a session.</summary>
    public Actor Acting(Person person) => new(ActorKind.Person, person.Id, Id);

    /// <summary>As <see cref="Acting"/>, in a session that has just begun, as sensitive changes need it.</summary>
    public async Task<Actor> SignedInAsync(IServiceProvider services, Person person)
    {
        var session = await services.GetRequiredService<SessionService>().StartAsync(person, SignInMethod.Password, mustEnrol: false, null, null, CancellationToken.None);
        return Acting(person) with { SessionId = session.Id };
    }

    /// <summary>A machine that reads the API.</summary>
    public async Task<CreatedKey> AddServiceAccountAsync(IServiceProvider services, string name = "Reporting") =>
        (await services.GetRequiredService<ServiceAccountService>().CreateAsync(Admin, new NewServiceAccount(name), CancellationToken.None)).Required();

    /// <summary>A key that opens every interface of the proxy.</summary>
    private static async Task<CreatedKey> AddKeyAsync(IServiceProvider services, Actor actor, Guid applicationId)
    {
        var request = new NewVirtualKey(applicationId, "Key", "production", "internal") { Scopes = [.. ProxyApis.All.Select(api => api.Name)] };
        return (await services.GetRequiredService<KeyService>().CreateAsync(actor, request, CancellationToken.None)).Required();
    }
}

/// <summary>Shortens what a test takes for granted.</summary>
public static class Results
{
    public static T Required<T>(this Result<T> result) =>
        result.Succeeded ? result.Value : throw new InvalidOperationException($"Refused: {result.Refusal.Message}");

    public static void Required(this Result result)
    {
        if (!result.Succeeded) throw new InvalidOperationException($"Refused: {result.Refusal.Message}");
    }
}
