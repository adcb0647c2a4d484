using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Identity;

public sealed class PersonServiceTests : ProductTest
{
    private const string Password = "correct horse battery";

    private static readonly NewPerson Ada = new("Ada", "ada@example.org", Password, Roles.CostViewer);

    [Fact]
    public async Task CreateAsync_Person_CanSignInWithTheirRole()
    {
        var person = await Tenant.AddPersonAsync(Process.Services, "ada@example.org", Password, Roles.CostViewer);
        await using var scope = Process.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var found = (await users.FindByEmailAsync("ADA@example.org"))!;
        Assert.Equal((person.Id, Tenant.Id), (found.Id, found.OrganizationId));
        Assert.True(await users.CheckPasswordAsync(found, Password));
        Assert.False(await users.CheckPasswordAsync(found, Password + "!"));
        Assert.Equal([Roles.CostViewer], (await Get<AccessDirectory>().FindAsync(person.Id, default))!.Roles);
        Assert.Single(await EventsAsync(), row => row.Action == "person.created");
    }

    [Fact]
    public async Task CreateAsync_BrokenRequest_IsRefused()
    {
        foreach (var bad in (NewPerson[])[Ada with { DisplayName = " " }, Ada with { Email = "nowhere" }, Ada with { Email = "" }, Ada with { Password = "short" }, Ada with { Role = "king" }])
            Assert.Equal(RefusalKind.Invalid, (await CreateAsync(Tenant.Admin, bad)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await CreateAsync(Tenant.Viewer, Ada)).Refusal?.Kind);
        Assert.Empty(await RowsAsync<Person>());
    }

    [Fact]
    public async Task CreateAsync_AddressInUseInAnotherOrganization_IsRefused()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        (await CreateAsync(other.Admin, Ada)).Required();
        Assert.Equal(nameof(NewPerson.Email), (await CreateAsync(Tenant.Admin, Ada with { Email = "Ada@Example.org" })).Refusal?.Field);
    }

    [Fact]
    public async Task CreateAsync_OneAddressSeveralTimesAtOnce_OneIsCreatedAndTheOthersAreRefused()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            var request = Ada with { Email = $"ada{round}@example.org" };
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CreateAsync(Tenant.Admin, request))));
            Assert.Single(results, result => result.Succeeded);
            Assert.Equal(round + 1, (await RowsAsync<Person>()).Count);
        }
    }

    [Fact]
    public async Task SaveChanges_SecondPersonWithAnAddress_IsRefusedByTheDatabase()
    {
        var ada = (await CreateAsync(Tenant.Admin, Ada)).Required();
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        db.Users.Add(new Person
        {
            Id = Guid.CreateVersion7(Clock.GetUtcNow()), OrganizationId = Tenant.Id, DisplayName = "Another",
            UserName = "another", NormalizedUserName = "ANOTHER", Email = ada.Email, NormalizedEmail = ada.NormalizedEmail,
        });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    private async Task<Result<Person>> CreateAsync(Actor actor, NewPerson request)
    {
        await using var scope = Process.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PersonService>().CreateAsync(actor, request, default);
    }
}
