using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy.Connections;

public sealed class ConnectionQueriesTests : ConnectionTestBase
{
    private TimeRange Week => new(Clock.GetUtcNow().AddDays(-7), Clock.GetUtcNow().AddMinutes(1));

    [Fact]
    public async Task List_Calls_CountsHealthByWindowAndWhatTheyCost()
    {
        await CreateAsync();
        foreach (var seconds in (double[])[0.4, 1.25, 9]) await BookAsync(TimeSpan.FromMinutes(30), seconds);
        await BookAsync(TimeSpan.FromMinutes(20), 0.1, CallOutcome.ProviderError, 429, "rate_limit_exceeded");
        await BookAsync(TimeSpan.FromHours(5), 2, CallOutcome.ProviderTimeout, 504, "provider_timeout");
        await BookAsync(TimeSpan.FromHours(5), 3);
        await BookAsync(TimeSpan.FromHours(5), 0.2, CallOutcome.CallerGone);
        await BookAsync(TimeSpan.FromDays(3), 4);
        await BookAsync(TimeSpan.FromMinutes(10), 1, CallOutcome.Refused, 403, "connection_not_approved");
        var other = await Tenant.CreateAsync(Process.Services);
        await BookAsync(TimeSpan.FromMinutes(10), 1, tenant: other);

        var row = Assert.Single(await Get<ConnectionQueries>().ListAsync(Tenant.Admin, Week, default));
        Assert.Equal(new ConnectionHealth(4, 1, 1200), row.Hour);
        Assert.Equal(new ConnectionHealth(7, 2, 1200), row.Day);
        Assert.Equal((CallOutcome.ProviderError, 429, "rate_limit_exceeded"), (row.LastFailure!.Outcome, row.LastFailure.Status, row.LastFailure.Code));
        Assert.Equal(8, row.Calls);
        Assert.True(row.Cost.NanoUsd > 0);

        var detail = (await Get<ConnectionQueries>().FindAsync(Tenant.Admin, row.PublicId!, Week, default))!;
        var model = Assert.Single(detail.Models);
        Assert.Equal((row.Calls, row.Cost), (model.Calls, model.Cost));
        Assert.Equal([429, 504], detail.Failures.Select(failure => failure.Status));
        Assert.Null(await Get<ConnectionQueries>().FindAsync(other.Admin, row.Name, Week, default));
    }

    [Fact]
    public async Task Delete_UsedConnection_LeavesItsNameInTheLedger()
    {
        var id = await CreateAsync();
        await BookAsync(TimeSpan.FromMinutes(1), 1);
        (await Service.DeleteAsync(Tenant.Admin, id, default)).Required();
        Assert.Equal("openai-eu", Assert.Single(await RowsAsync<Call>()).Connection);
    }

    private async Task BookAsync(
        TimeSpan ago, double seconds, CallOutcome outcome = CallOutcome.Succeeded, int status = 200, string? code = null, Tenant? tenant = null)
    {
        var call = (tenant ?? Tenant).Call(Clock.GetUtcNow() - ago) with { Connection = "openai-eu" };
        var result = call.Result(duration: TimeSpan.FromSeconds(seconds)) with { Outcome = outcome, Status = status, ErrorCode = code, Attempts = [] };
        if (outcome == CallOutcome.Refused)
        {
            await Get<CallLedger>().RefuseAsync(call, result with { Usage = default });
            return;
        }

        await Get<CallLedger>().OpenAsync(call);
        await Get<CallLedger>().SettleAsync(call, result);
    }
}
