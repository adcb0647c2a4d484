using Governance.Domain;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy.Limits;

public sealed class RateLimitServiceTests : ProductTest
{
    private static readonly LimitValues Some = new(60, 10_000, 5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RateLimitService Service => Get<RateLimitService>();

    [Fact]
    public async Task SetAsync_AgainForTheSame_ChangesTheOneLimitAndRecordsBoth()
    {
        var first = (await SetAsync(LimitScope.Team, Tenant.Application.TeamId.ToString(), Some)).Required();
        var again = (await SetAsync(LimitScope.Team, Tenant.Application.TeamId.ToString("n"), new LimitValues(null, null, 1))).Required();
        Assert.Equal(first, again);
        var row = Assert.Single(await RowsAsync());
        Assert.Equal((new LimitValues(null, null, 1), "Platform", LimitScope.Team), (row.Values, row.Name, row.Scope));
        Assert.Equal(["limit.changed", "limit.created"], (await EventsAsync()).Select(entry => entry.Action).Where(action => action.StartsWith("limit.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AddAsync_WhereThereIsALimit_ChangesNothing()
    {
        var team = Tenant.Application.TeamId.ToString();
        (await Service.AddAsync(Tenant.Admin, LimitScope.Team, team, Some, Cancellation)).Required();
        Assert.Equal("target", (await Service.AddAsync(Tenant.Admin, LimitScope.Team, team, new LimitValues(7, null, null), Cancellation)).Refusal?.Field);
        Assert.Equal(Some, Assert.Single(await RowsAsync()).Values);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0L, null, null)]
    [InlineData(null, -1L, null)]
    [InlineData(null, null, 0L)]
    [InlineData(LimitValues.Max + 1, null, null)]
    public async Task SetAsync_NumbersThatLimitNothing_AreRefused(long? requests, long? tokens, long? concurrent) =>
        Assert.Equal(RefusalKind.Invalid, (await SetAsync(LimitScope.Key, null, new LimitValues(requests, tokens, concurrent))).Refusal!.Kind);

    [Theory]
    [InlineData(LimitScope.Key, "key_0193b2a0000070008000000000000000")]
    [InlineData(LimitScope.Application, "nobody")]
    [InlineData(LimitScope.Team, "0193b2a0-0000-7000-8000-000000000000")]
    [InlineData(LimitScope.Person, "nobody@example.test")]
    [InlineData(LimitScope.Address, "300.1.2.3")]
    public async Task SetAsync_NobodyOfThatName_IsRefused(LimitScope scope, string target) =>
        Assert.Equal("target", (await SetAsync(scope, target, Some)).Refusal!.Field);

    [Fact]
    public async Task SetAsync_OfAnotherOrganization_IsNotFound()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        Assert.Equal("target", (await SetAsync(LimitScope.Key, other.Key.Id.ToString(), Some)).Refusal!.Field);
        var theirs = (await Service.SetAsync(other.Admin, LimitScope.Key, null, Some, Cancellation)).Required();
        Assert.Equal(RefusalKind.NotFound, (await Service.DeleteAsync(Tenant.Admin, theirs, Cancellation)).Refusal!.Kind);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task SetAsync_EndUserAndOwnPerson_AreFoundByWhatTheyAreCalled()
    {
        await Get<SubjectDirectory>().ResolveAsync(Tenant.Id, "user-4711", Cancellation);
        var person = await Tenant.AddPersonAsync(Process.Services, "ann@example.test", "a long enough password");
        (await SetAsync(LimitScope.Person, "user-4711", Some)).Required();
        (await SetAsync(LimitScope.Person, "Ann@Example.test", Some)).Required();
        Assert.Equal([person.DisplayName, "user-4711"], (await RowsAsync()).Select(row => row.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::/64", "2001:db8:1:2::/64")]
    public async Task SetAsync_Address_IsNamedButNotKeptInClear(string address, string name)
    {
        (await SetAsync(LimitScope.Address, address, Some)).Required();
        Assert.Equal(name, Assert.Single(await RowsAsync()).Name);
        var kept = Assert.Single(await RowsAsync<RateLimit>());
        Assert.NotNull(kept.WrappedAddress);
        Assert.DoesNotContain(name, System.Text.Encoding.Latin1.GetString(kept.WrappedAddress), StringComparison.Ordinal);
        Assert.All(await EventsAsync(), entry => Assert.DoesNotContain(name, entry.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeleteAsync_ALimit_IsGoneAndRecorded()
    {
        var id = (await SetAsync(LimitScope.Key, null, Some)).Required();
        (await Service.DeleteAsync(Tenant.Admin, id, Cancellation)).Required();
        Assert.Empty(await RowsAsync());
        Assert.Equal(RefusalKind.NotFound, (await Service.DeleteAsync(Tenant.Admin, id, Cancellation)).Refusal!.Kind);
        Assert.Contains("limit.deleted", (await EventsAsync()).Select(entry => entry.Action));
    }

    private Task<Result<Guid>> SetAsync(LimitScope scope, string? target, LimitValues values) => Service.SetAsync(Tenant.Admin, scope, target, values, Cancellation);

    private Task<IReadOnlyList<RateLimitRow>> RowsAsync() => Get<RateLimitQueries>().ListAsync(Tenant.Admin, Cancellation);
}
