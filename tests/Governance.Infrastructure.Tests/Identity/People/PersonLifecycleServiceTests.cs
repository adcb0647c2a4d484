using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.People;

public sealed class PersonLifecycleServiceTests : ProductTest
{
    private const string Password = "correct horse battery";

    private PersonLifecycleService Service => Get<PersonLifecycleService>();

    [Fact]
    public async Task DisableAsync_PersonWithSessions_EndsThemAndTheirAccessAtOnce()
    {
        var (admin, person) = (await PersonAsync("admin"), await PersonAsync("ann", Roles.CostViewer));
        var session = await Get<SessionService>().StartAsync(person, SignInMethod.Password, false, null, null, default);
        Assert.NotNull(await Get<SessionDirectory>().FindAsync(session.Id, active: true, default));

        (await Service.DisableAsync(Tenant.Acting(admin), person.Id, default)).Required();
        Assert.Null(await Get<SessionDirectory>().FindAsync(session.Id, active: true, default));
        Assert.False(await Get<AccessControl>().MayAsync(Tenant.Acting(person), Permissions.CostsRead, default));
        Assert.Equal((SessionEnd.PersonDisabled, admin.Id), Assert.Single(await RowsAsync<PersonSession>()) is { } row ? (row.EndReason!.Value, row.EndedBy!.Value) : default);
        Assert.Single(await EventsAsync(), row => row.Action == "person.disabled" && row.ActorId == admin.Id);
    }

    [Fact]
    public async Task EnableAsync_Disabled_HasTheirRolesAgainButNoSession()
    {
        var person = await PersonAsync("ann", Roles.CostViewer);
        var session = await Get<SessionService>().StartAsync(person, SignInMethod.Password, false, null, null, default);
        (await Service.DisableAsync(Tenant.Admin, person.Id, default)).Required();
        (await Service.EnableAsync(Tenant.Admin, person.Id, default)).Required();
        Assert.True(await Get<AccessControl>().MayAsync(Tenant.Acting(person), Permissions.CostsRead, default));
        Assert.Null(await Get<SessionDirectory>().FindAsync(session.Id, active: true, default));
    }

    [Fact]
    public async Task DisableAsync_OneselfOrTheLastAdministrator_IsRefused()
    {
        var (admin, second, viewer) = (await PersonAsync("admin"), await PersonAsync("second"), await PersonAsync("viewer", Roles.CostViewer));
        Assert.Equal(RefusalKind.Conflict, (await Service.DisableAsync(Tenant.Acting(admin), admin.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.DisableAsync(Tenant.Acting(viewer), admin.Id, default)).Refusal?.Kind);
        (await Service.DisableAsync(Tenant.Acting(admin), second.Id, default)).Required();
        Assert.Contains("last active system administrator", (await Service.DisableAsync(Tenant.Admin, admin.Id, default)).Refusal?.Message, StringComparison.Ordinal);
        (await Service.EnableAsync(Tenant.Acting(admin), second.Id, default)).Required();
        (await Service.DisableAsync(Tenant.Admin, admin.Id, default)).Required();
    }

    [Fact]
    public async Task DisableAsync_TwoAdministratorsOneAnotherAtOnce_OneIsLeft()
    {
        var people = new[] { await PersonAsync("one"), await PersonAsync("two") };
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            await Task.WhenAll(
                Task.Run(() => Service.DisableAsync(Tenant.Acting(people[0]), people[1].Id, default)),
                Task.Run(() => Service.DisableAsync(Tenant.Acting(people[1]), people[0].Id, default)));
            Assert.Contains(await RowsAsync<Person>(), person => person.DisabledAt is null);
            foreach (var person in people) (await Service.EnableAsync(Tenant.Admin, person.Id, default)).Required();
        }
    }

    [Fact]
    public async Task RenameAsync_Person_IsCalledSo()
    {
        var person = await PersonAsync("ann", Roles.Member);
        (await Service.RenameAsync(Tenant.Admin, person.Id, " Ann Example ", default)).Required();
        Assert.Equal("Ann Example", Assert.Single(await RowsAsync<Person>()).DisplayName);
        Assert.Equal("DisplayName", (await Service.RenameAsync(Tenant.Admin, person.Id, " ", default)).Refusal?.Field);
        var other = await Tenant.CreateAsync(Process.Services);
        Assert.Equal(RefusalKind.NotFound, (await Service.RenameAsync(other.Admin, person.Id, "Bob", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.DisableAsync(other.Admin, person.Id, default)).Refusal?.Kind);
    }

    private Task<Person> PersonAsync(string name, string role = Roles.SystemAdmin) =>
        Tenant.AddPersonAsync(Process.Services, $"{name}@example.org", Password, role);
}
