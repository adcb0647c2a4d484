using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.Keys;

public sealed class ServiceAccountServiceTests : ProductTest
{
    private ServiceAccountService Service => Get<ServiceAccountService>();

    [Fact]
    public async Task AuthenticateAsync_Account_HoldsExactlyItsScopes()
    {
        var key = await CreateAsync(new NewServiceAccount("Keys") { Scopes = [Permissions.KeysRead] });
        var actor = (await Service.AuthenticateAsync(key.Secret, default))!;
        Assert.Equal([Permissions.KeysRead], actor.Scopes!);
        Assert.Single(await Get<KeyService>().ListAsync(actor, default));
        Assert.Equal(RefusalKind.Forbidden, (await Get<KeyService>().RevokeAsync(actor, Tenant.Key.Id, default)).Refusal?.Kind);
        Assert.Empty(await Service.ListAsync(actor, default));
        Assert.Equal([Permissions.CostsRead, Permissions.RequestsRead, Permissions.PricesRead],
            (await Service.AuthenticateAsync((await Tenant.AddServiceAccountAsync(Process.Services)).Secret, default))!.Scopes!);
    }

    [Fact]
    public async Task AuthenticateAsync_ExpiredOrOwnerDisabled_IsNobody()
    {
        var ann = await SignedInAsync("ann@example.org", Roles.SystemAdmin);
        var key = await CreateAsync(new NewServiceAccount("Report") { ExpiresAt = Clock.GetUtcNow().AddMinutes(10) }, ann);
        Assert.NotNull(await Service.AuthenticateAsync(key.Secret, default));
        await SetDisabledAsync(ann, Clock.GetUtcNow());
        Assert.Null(await Service.AuthenticateAsync(key.Secret, default));
        Assert.Equal(KeyState.OwnerDisabled, (await Service.FindAsync(Tenant.Admin, key.Id, default))!.Health.State);
        await SetDisabledAsync(ann, null);
        Assert.NotNull(await Service.AuthenticateAsync(key.Secret, default));
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await Service.AuthenticateAsync(key.Secret, default));
    }

    [Fact]
    public async Task Changes_GiveNothingThatTheActorDoesNotHold()
    {
        // A machine that may keep service accounts, and read costs.
        var keeper = (await Service.AuthenticateAsync(
            (await CreateAsync(new NewServiceAccount("Keeper") { Scopes = [Permissions.ServiceAccountsWrite, Permissions.CostsRead] })).Secret, default))!;
        var wide = await CreateAsync(new NewServiceAccount("Wide") { Scopes = [Permissions.CostsRead, Permissions.PeopleRead] });

        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(keeper, new NewServiceAccount("Costs") { Scopes = [Permissions.PeopleRead] }, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.RotateAsync(keeper, wide.Id, TimeSpan.Zero, default)).Refusal?.Kind);
        var change = new ServiceAccountChange("Wide", null, [Permissions.CostsRead, Permissions.PeopleRead], null);
        Assert.Equal(RefusalKind.Forbidden, (await Service.UpdateAsync(keeper, wide.Id, change with { Scopes = [Permissions.KeysRead] }, default)).Refusal?.Kind);
        (await Service.UpdateAsync(keeper, wide.Id, change with { Name = "Renamed" }, default)).Required();
        (await Service.UpdateAsync(keeper, wide.Id, change with { Scopes = [Permissions.CostsRead] }, default)).Required();
        Assert.Equal([Permissions.CostsRead], (await Service.AuthenticateAsync(wide.Secret, default))!.Scopes!);
        Assert.NotNull((await Service.CreateAsync(keeper, new NewServiceAccount("Costs") { Scopes = [Permissions.CostsRead] }, default)).Value);
    }

    [Fact]
    public async Task Changes_TeamScopedPermission_IsNotEnoughForAnAccount()
    {
        // A role for a team does not reach service accounts, nor does what it allows for that team.
        var lead = await SignedInAsync("lead@example.org", Roles.TeamLead, AccessScope.Team(Tenant.Application.TeamId));
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(lead, new NewServiceAccount("Costs") { Scopes = [Permissions.CostsRead] }, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task CreateAsync_BrokenRequest_IsRefused()
    {
        foreach (var bad in (NewServiceAccount[])[new(" "), new("A") { Scopes = [] }, new("A") { Scopes = ["everything"] }, new("A") { ExpiresAt = Clock.GetUtcNow() }, new("A") { OwnerId = Guid.Empty }])
            Assert.Equal(RefusalKind.Invalid, (await Service.CreateAsync(Tenant.Admin, bad, default)).Refusal?.Kind);
        Assert.Empty(await RowsAsync<ServiceAccount>());
        Assert.Single(await RowsAsync<KeySecret>());
    }

    private async Task<CreatedKey> CreateAsync(NewServiceAccount request, Actor? actor = null) =>
        (await Service.CreateAsync(actor ?? Tenant.Admin, request, default)).Required();

    private async Task SetDisabledAsync(Actor person, DateTimeOffset? at)
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        await db.Users.Where(row => row.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DisabledAt, at));
    }

    private async Task<Actor> SignedInAsync(string email, string role, AccessScope scope = default)
    {
        var person = await Tenant.AddPersonAsync(Process.Services, email, "correct horse battery", role, scope);
        var session = await Get<SessionService>().StartAsync(person, SignInMethod.Password, mustEnrol: false, null, null, default);
        return Tenant.Acting(person) with { SessionId = session.Id };
    }
}
