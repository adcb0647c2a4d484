using Governance.Domain;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity;

public sealed class KeyServiceTests : ProductTest
{
    private KeyService Service => Get<KeyService>();

    [Fact]
    public async Task CreateAsync_Key_IsShownOnceAndKeptAsAHash()
    {
        var row = Assert.Single(await RowsAsync<KeySecret>());
        Assert.Equal((Tenant.Key.Id, 1), (row.KeyId, row.Number));
        Assert.StartsWith(SecretKey.VirtualKeyPrefix, Tenant.Key.Secret, StringComparison.Ordinal);
        Assert.True(SecretKey.HasShape(SecretKey.VirtualKeyPrefix, Tenant.Key.Secret));
        Assert.Equal(SecretKey.Hash(Tenant.Key.Secret), row.Hash);
        Assert.Equal($"gvk_…{Tenant.Key.Secret[^4..]}", row.Hint);
        Assert.DoesNotContain(await EventsAsync(), audit => audit.Payload.Contains(Tenant.Key.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FindAsync_KnownKey_TellsItsHolder()
    {
        var holder = (await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!;
        Assert.Equal((Tenant.Key.Id, Tenant.Id, Tenant.Application.Id, Tenant.Application.TeamId, false), (holder.KeyId, holder.OrganizationId, holder.ApplicationId, holder.TeamId, holder.Revoked));
        Assert.Equal(TimeZone, holder.Zone.Id);
        Assert.Null(await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret + "x", default));
    }

    [Fact]
    public async Task RevokeAsync_KeyInUse_IsRefusedFromTheNextLookUpOn()
    {
        Assert.False((await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!.Revoked);
        (await Service.RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Assert.True((await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!.Revoked);
        Assert.True((await Service.RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Succeeded);
        Assert.Single(await EventsAsync(), row => row.Action == "key.revoked");
    }

    [Fact]
    public async Task RevokeAsync_InAnotherProcess_IsSeenWithinSeconds()
    {
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        await second.Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default);
        (await Service.RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True((await second.Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!.Revoked);
    }

    [Fact]
    public async Task ListAsync_UsedKey_ShowsWhenItWasLastUsed()
    {
        Assert.Null(Assert.Single(await Service.ListAsync(Tenant.Admin, default)).LastUsedAt);
        foreach (var minute in (int[])[5, 9, 2]) await Get<CallLedger>().OpenAsync(Tenant.Call(Clock.GetUtcNow().AddMinutes(minute)));
        Assert.Equal(Clock.GetUtcNow().AddMinutes(9), Assert.Single(await Service.ListAsync(Tenant.Admin, default)).LastUsedAt);
    }

    [Fact]
    public async Task CreateAsync_BrokenRequest_IsRefused()
    {
        var good = new NewVirtualKey(Tenant.Application.Id, "Key", "production", "internal");
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(Tenant.Viewer, good, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.RevokeAsync(Tenant.Viewer, Tenant.Key.Id, default)).Refusal?.Kind);
        foreach (var bad in (NewVirtualKey[])[good with { Name = " " }, good with { Name = new string('n', 201) }, good with { Environment = "moon" }, good with { DataClass = "" },
            good with { Scopes = [] }, good with { Scopes = ["telepathy"] }, good with { AllowedModels = ["*"] }, good with { ExpiresAt = Clock.GetUtcNow() },
            good with { OwnerId = Guid.Empty }])
            Assert.Equal(RefusalKind.Invalid, (await Service.CreateAsync(Tenant.Admin, bad, default)).Refusal?.Kind);
        Assert.Single(await RowsAsync<VirtualKey>());
    }

    [Fact]
    public async Task AuthenticateAsync_ServiceAccount_ReadsOnlyAndEndsWhenRevoked()
    {
        var accounts = Get<ServiceAccountService>();
        var key = await Tenant.AddServiceAccountAsync(Process.Services);
        var actor = (await accounts.AuthenticateAsync(key.Secret, default))!;
        Assert.Equal((Tenant.Id, key.Id), (actor.OrganizationId, actor.Id!.Value));
        Assert.All(actor.Scopes!, scope => Assert.EndsWith(".read", scope, StringComparison.Ordinal));
        Assert.Null(await accounts.AuthenticateAsync(Tenant.Key.Secret, default)); // a proxy key opens no API
        Assert.Equal(RefusalKind.Forbidden, (await accounts.RevokeAsync(actor, key.Id, default)).Refusal?.Kind);
        (await accounts.RevokeAsync(Tenant.Admin, key.Id, default)).Required();
        Assert.Null(await accounts.AuthenticateAsync(key.Secret, default));
    }
}
