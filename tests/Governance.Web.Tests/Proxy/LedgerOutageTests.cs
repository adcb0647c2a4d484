using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Data;

namespace Governance.Web.Tests.Proxy;

/// <summary>What happens to calls while the database cannot be reached.</summary>
public sealed class LedgerOutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_DatabaseGone_IsNotMade()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await GovernanceServer.StartAsync(database, upstream);
        var tenant = await server.AddTenantAsync();
        using var caller = server.NewClient(tenant.Key.Secret);

        await using (await database.TakeAwayAsync())
        {
            using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal("ledger_unavailable", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
        }

        Assert.Empty(upstream.Received);
    }

    [Fact]
    public async Task Call_DatabaseGoneDuringTheCall_IsBookedOnceItIsBack()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync();

        // However long the outage takes on a busy machine, the process that cannot say that it lives is not given up for dead.
        await using var server = await GovernanceServer.StartAsync(
            database, upstream, new Dictionary<string, string?> { ["Processes:DeadAfter"] = "01:00:00" });
        var tenant = await server.AddTenantAsync();
        using var caller = server.NewClient(tenant.Key.Secret);
        var gate = new Gate();
        upstream.Enqueue(async exchange =>
        {
            await gate.PassAsync(exchange);
            await Replies.Json(Replies.Completion(prompt: 77, completion: 3))(exchange);
        });

        var call = caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
        await gate.Reached;
        Guid callId;
        await using (await database.TakeAwayAsync())
        {
            gate.Open();
            using var response = await call;
            Assert.True(response.IsSuccessStatusCode);
            callId = ProxyFixture.CallId(response);
            await Eventually.TrueAsync(() => server.Logs.Contains(1001), "the outcome was spilled");
        }

        var booked = await Eventually.SomeAsync(
            async () => await server.Get<RequestQueries>().FindAsync(tenant.Admin, callId, Cancellation) is { Row.IsOpen: false } row ? row : null,
            "the outcome was booked");
        Assert.Equal((CallOutcome.Succeeded, 77L, 1), (booked.Row.Outcome!.Outcome, booked.Row.Usage.Input, booked.Row.Entries.Count));
    }
}
