using Governance.Testing.Data;
using Governance.Testing.Server;
using Governance.Testing.Upstream;

namespace Governance.Infrastructure.Tests.Testing;

/// <summary>The tests' own tools, which would otherwise fail in somebody else's test.</summary>
public sealed class TestingTests
{
    [Fact]
    public async Task StartAsync_WholeProductWithStub_RelaysAndIsReady()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var server = await GovernanceServer.StartAsync(upstream: upstream);
        var tenant = await server.AddTenantAsync();
        using var client = server.NewClient(tenant.Key.Secret);

        using var ready = await client.GetAsync("/health/ready");
        using var answer = await client.PostAsync(
            "/proxy/openai/v1/chat/completions", new StringContent("""{"model":"gpt-5-mini","messages":[]}"""));

        Assert.Equal(System.Net.HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(Replies.Completion(), await answer.Content.ReadAsStringAsync());
        Assert.Equal($"Bearer {StubUpstream.ApiKey}", Assert.Single(upstream.Received).Headers["Authorization"]);
    }

    [Fact]
    public async Task TakeAwayAsync_DatabaseInUse_FailsThenReturns()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var process = await new ProductProcess(database).StartAsync();
        var tenant = await Tenant.CreateAsync(process.Services);

        await using (await database.TakeAwayAsync())
            await Assert.ThrowsAnyAsync<Exception>(() => process.Get<Infrastructure.Identity.KeyService>().ListAsync(tenant.Admin, default));

        Assert.Single(await process.Get<Infrastructure.Identity.KeyService>().ListAsync(tenant.Admin, default));
    }

    [Fact]
    public void Advance_TimersOnTheWay_FireInOrderAtTheirTimes()
    {
        var time = new FakeTime();
        var fired = new List<(string, TimeSpan)>();
        using var late = time.CreateTimer(_ => fired.Add(("late", time.GetUtcNow() - FakeTime.DefaultStart)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = time.CreateTimer(_ => fired.Add(("often", time.GetUtcNow() - FakeTime.DefaultStart)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(
            [("often", TimeSpan.FromSeconds(2)), ("often", TimeSpan.FromSeconds(4)), ("late", TimeSpan.FromSeconds(5)), ("often", TimeSpan.FromSeconds(6))],
            fired);
    }
}
