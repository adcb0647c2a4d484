using Governance.Domain;
using Governance.Infrastructure.Identity;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity;

public sealed class SignInThrottleTests : ProductTest
{
    private Person _ann = null!;

    private SignInThrottle Throttle => Get<SignInThrottle>();

    [Fact]
    public async Task RecordFailureAsync_FailuresInARow_LockForAGrowingTime()
    {
        await BeginAsync();
        Assert.Equal(SignInLock.Open, await LockAsync());
        for (var i = 1; i <= 4; i++)
        {
            await FailAsync();
            Assert.Equal(new SignInLock(i, null, false), await LockAsync());
        }

        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            await FailAsync();
            Assert.Equal(Clock.GetUtcNow() + TimeSpan.FromMinutes(minutes), (await LockAsync()).Until);
            Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.True((await LockAsync()).IsLocked);
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False((await LockAsync()).IsLocked);
        }
    }

    [Fact]
    public async Task RecordFailureAsync_WhileLocked_NeitherCountsNorProlongs()
    {
        await BeginAsync();
        for (var i = 0; i < 5; i++) await FailAsync();
        var locked = await LockAsync();
        for (var i = 0; i < 5; i++) await FailAsync();
        Assert.Equal(locked, await LockAsync());
    }

    [Fact]
    public async Task RecordFailureAsync_HundredInARow_OnlyAnAdministratorOpens()
    {
        await BeginAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.False((await LockAsync()).NeedsAdministrator);
            await FailAsync();
            Clock.Advance(TimeSpan.FromHours(1));
        }

        Clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(new SignInLock(100, null, NeedsAdministrator: true), await LockAsync());
        Assert.False(await Throttle.RecordSuccessAsync(Tenant.Id, _ann.Id));
        Assert.Equal(RefusalKind.Forbidden, (await Throttle.UnlockAsync(Tenant.Viewer, _ann.Id, default)).Refusal?.Kind);

        (await Throttle.UnlockAsync(Tenant.Admin, _ann.Id, default)).Required();
        Assert.Equal(SignInLock.Open, await LockAsync());
        Assert.Contains("\"failures\":100", Assert.Single(await EventsAsync(), row => row.Action == "sign_in.unlocked").Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordSuccessAsync_Unlocked_EndsTheCount()
    {
        await BeginAsync();
        Assert.True(await Throttle.RecordSuccessAsync(Tenant.Id, _ann.Id));
        for (var i = 0; i < 4; i++) await FailAsync();
        Assert.True(await Throttle.RecordSuccessAsync(Tenant.Id, _ann.Id));
        Assert.Equal(SignInLock.Open, await LockAsync());
    }

    [Fact]
    public async Task RecordSuccessAsync_WhileLocked_IsRefusedAndChangesNothing()
    {
        await BeginAsync();
        for (var i = 0; i < 5; i++) await FailAsync();
        var locked = await LockAsync();
        Assert.False(await Throttle.RecordSuccessAsync(Tenant.Id, _ann.Id));
        Assert.Equal(locked, await LockAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await Throttle.RecordSuccessAsync(Tenant.Id, _ann.Id));
    }

    [Fact]
    public async Task RecordFailureAsync_SeveralAtOnce_EachCounts()
    {
        await BeginAsync();
        for (var round = 0; round < TestScale.Cases(20, 200); round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(FailAsync)));
            Assert.Equal(4, (await LockAsync()).Failures);
            Assert.True(await Throttle.RecordSuccessAsync(Tenant.Id, _ann.Id));
        }
    }

    [Fact]
    public async Task UnlockAsync_PersonOfAnotherOrganization_IsNotFound()
    {
        await BeginAsync();
        var other = await Tenant.CreateAsync(Process.Services);
        Assert.Equal(RefusalKind.NotFound, (await Throttle.UnlockAsync(other.Admin, _ann.Id, default)).Refusal?.Kind);
    }

    private async Task BeginAsync() => _ann = await Tenant.AddPersonAsync(Process.Services, "ann@example.org", "correct horse battery");

    private Task<SignInLock> LockAsync() => Throttle.LockOfAsync(Tenant.Id, _ann.Id, default);

    private async Task FailAsync()
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await Throttle.RecordFailureAsync(db, Tenant.Id, _ann.Id);
        await transaction.CommitAsync();
    }
}
