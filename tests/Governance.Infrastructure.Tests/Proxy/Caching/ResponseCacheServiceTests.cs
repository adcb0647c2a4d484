using Governance.Domain;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy.Caching;

public sealed class ResponseCacheServiceTests : ProductTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private ResponseCacheService Service => Get<ResponseCacheService>();

    [Fact]
    public async Task SetAsync_OnAndOff_AppliesAtOnceAndIsRecorded()
    {
        Assert.Null((await HolderAsync()).CacheFor);
        (await Service.SetAsync(Tenant.Admin, Tenant.Application.Id, Hour, default)).Required();
        Assert.Equal(Hour, (await HolderAsync()).CacheFor);
        Assert.Equal(Hour, Assert.Single(await Service.ListAsync(Tenant.Admin, default)).KeepFor);
        (await Service.SetAsync(Tenant.Admin, Tenant.Application.Id, Hour, default)).Required(); // It is that already.
        (await Service.SetAsync(Tenant.Admin, Tenant.Application.Id, null, default)).Required();
        Assert.Null((await HolderAsync()).CacheFor);

        var events = (await EventsAsync()).Where(entry => entry.Action == "application.response_cache_changed").ToList();
        Assert.Equal(2, events.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(86_401)]
    public async Task SetAsync_TimeThatCannotBe_IsRefused(double seconds) =>
        Assert.Equal(RefusalKind.Invalid, (await Service.SetAsync(Tenant.Admin, Tenant.Application.Id, TimeSpan.FromSeconds(seconds), default)).Refusal!.Kind);

    [Fact]
    public async Task SetAsync_ApplicationOfAnotherOrganization_IsNotFound()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        Assert.Equal(RefusalKind.NotFound, (await Service.SetAsync(Tenant.Admin, other.Application.Id, Hour, default)).Refusal!.Kind);
        Assert.All(await RowsAsync<Application>(), row => Assert.Null(row.ResponseCacheSeconds));
    }

    private async Task<KeyHolder> HolderAsync() => (await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!;
}
