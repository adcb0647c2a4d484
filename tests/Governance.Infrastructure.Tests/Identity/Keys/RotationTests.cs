using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.Keys;

public sealed class RotationTests : ProductTest
{
    private const string Open = "open";
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private KeyService Service => Get<KeyService>();

    [Fact]
    public async Task RotateAsync_WithOverlap_BothSecretsOpenTheSameKeyUntilItIsOver()
    {
        Clock.Advance(TimeSpan.FromDays(200));
        Assert.True((await RowAsync()).Health.IsOld);
        var rotated = (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, Week, default)).Required();

        Assert.Equal(Tenant.Key.Id, rotated.Id);
        Assert.Equal(Open, await CheckAsync(Tenant.Key.Secret));
        Assert.Equal(Open, await CheckAsync(rotated.Secret));
        Assert.Equal(Tenant.Key.Id, (await Get<KeyDirectory>().FindAsync(rotated.Secret, default))!.KeyId);
        var row = await RowAsync();
        Assert.Equal((false, 2, Clock.GetUtcNow() + Week), (row.Health.IsOld, row.Secrets.Count, row.Former!.ValidUntil));
        Assert.Equal((SecretKey.Hint(rotated.Secret), SecretKey.Hint(Tenant.Key.Secret)), (row.Hint, row.Former.Hint));

        Clock.Advance(Week - TimeSpan.FromSeconds(1));
        Assert.Equal(Open, await CheckAsync(Tenant.Key.Secret));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("replaced_api_key", await CheckAsync(Tenant.Key.Secret));
        Assert.Equal(Open, await CheckAsync(rotated.Secret));
        Assert.Null((await RowAsync()).Former);
    }

    [Fact]
    public async Task RotateAsync_WithoutOverlap_EndsTheOldSecretAtOnce()
    {
        Assert.Equal(Open, await CheckAsync(Tenant.Key.Secret));
        var rotated = (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, TimeSpan.Zero, default)).Required();
        Assert.Equal("replaced_api_key", await CheckAsync(Tenant.Key.Secret));
        Assert.Equal(Open, await CheckAsync(rotated.Secret));
    }

    [Fact]
    public async Task RotateAsync_DuringAnOverlap_IsRefusedUnlessItEndsBoth()
    {
        var second = (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, Week, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, Week, default)).Refusal?.Kind);
        Assert.Equal(Open, await CheckAsync(Tenant.Key.Secret));

        var third = (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, TimeSpan.Zero, default)).Required();
        Assert.Equal(["replaced_api_key", "replaced_api_key", Open], [await CheckAsync(Tenant.Key.Secret), await CheckAsync(second.Secret), await CheckAsync(third.Secret)]);
    }

    [Fact]
    public async Task RotateAsync_ManyAtOnce_OneWinsAndAtMostTwoSecretsWork()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            var (_, key) = await Tenant.AddApplicationAsync(Process.Services, $"Application {round}", "Platform");
            await using var second = new ProductProcess(Database, Clock);
            var services = new[] { Service, second.Get<KeyService>(), Service, second.Get<KeyService>() };

            var results = await Task.WhenAll(services.Select(service => Task.Run(() => service.RotateAsync(Tenant.Admin, key.Id, Week, default))));

            var winner = Assert.Single(results, result => result.Succeeded);
            Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal(RefusalKind.Conflict, result.Refusal!.Kind));
            var secrets = (await RowsAsync<KeySecret>()).Where(secret => secret.KeyId == key.Id).ToList();
            Assert.Equal([1, 2], secrets.Where(secret => secret.IsValid(Clock.GetUtcNow())).Select(secret => secret.Number).Order());
            Assert.Equal(Open, await CheckAsync(winner.Value!.Secret));
            Assert.Equal(Open, await CheckAsync(key.Secret));
        }
    }

    [Fact]
    public async Task RotateAsync_WrongOverlapOrOver_IsRefused()
    {
        foreach (var overlap in (TimeSpan[])[TimeSpan.FromTicks(-1), Credential.MaxOverlap + TimeSpan.FromTicks(1)])
            Assert.Equal("Overlap", (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, overlap, default)).Refusal?.Field);
        Assert.Equal(RefusalKind.NotFound, (await Service.RotateAsync(Tenant.Admin, Guid.Empty, Week, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.RotateAsync(Tenant.Viewer, Tenant.Key.Id, Week, default)).Refusal?.Kind);
        (await Service.RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, Week, default)).Refusal?.Kind);
        Assert.Single(await RowsAsync<KeySecret>());
    }

    [Fact]
    public async Task RevokeAsync_DuringAnOverlap_KillsBothSecretsAtOnce()
    {
        var rotated = (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, Week, default)).Required();
        Assert.Equal([Open, Open], [await CheckAsync(Tenant.Key.Secret), await CheckAsync(rotated.Secret)]);
        (await Service.RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Assert.Equal(["revoked_api_key", "revoked_api_key"], [await CheckAsync(Tenant.Key.Secret), await CheckAsync(rotated.Secret)]);
    }

    [Fact]
    public async Task EndOverlapAsync_Rotated_EndsTheOldSecretOnly()
    {
        var rotated = (await Service.RotateAsync(Tenant.Admin, Tenant.Key.Id, Week, default)).Required();
        Assert.Equal(Open, await CheckAsync(Tenant.Key.Secret));
        Assert.Equal(RefusalKind.Forbidden, (await Service.EndOverlapAsync(Tenant.Viewer, Tenant.Key.Id, default)).Refusal?.Kind);
        (await Service.EndOverlapAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        (await Service.EndOverlapAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Assert.Equal(["replaced_api_key", Open], [await CheckAsync(Tenant.Key.Secret), await CheckAsync(rotated.Secret)]);
        Assert.Equal(["key.overlap_ended", "key.rotated"],
            (await EventsAsync()).Select(row => row.Action).Where(action => action is "key.rotated" or "key.overlap_ended").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RotateAsync_ServiceAccount_WorksAsKeysDo()
    {
        var accounts = Get<ServiceAccountService>();
        var key = await Tenant.AddServiceAccountAsync(Process.Services);
        var rotated = (await accounts.RotateAsync(Tenant.Admin, key.Id, Week, default)).Required();
        Assert.NotNull(await accounts.AuthenticateAsync(key.Secret, default));
        Assert.NotNull(await accounts.AuthenticateAsync(rotated.Secret, default));
        Assert.Equal(2, (await accounts.FindAsync(Tenant.Admin, key.Id, default))!.Secrets.Count);
        Clock.Advance(Week);
        Assert.Null(await accounts.AuthenticateAsync(key.Secret, default));
        Assert.Equal(key.Id, (await accounts.AuthenticateAsync(rotated.Secret, default))!.Id);

        (await accounts.RotateAsync(Tenant.Admin, key.Id, Week, default)).Required();
        (await accounts.EndOverlapAsync(Tenant.Admin, key.Id, default)).Required();
        Assert.Null(await accounts.AuthenticateAsync(rotated.Secret, default));
    }

    private async Task<VirtualKeyRow> RowAsync() => (await Service.FindAsync(Tenant.Admin, Tenant.Key.Id, default))!;

    /// <summary>The code with which the proxy refuses a secret.</summary>
    private async Task<string> CheckAsync(string secret) =>
        (await Get<KeyDirectory>().FindAsync(secret, default))!.Check(ProxyApis.ChatCompletions, Clock.GetUtcNow())?.Code ?? Open;
}
