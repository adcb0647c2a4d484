using Governance.Domain.Identity;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy.Limits;

namespace Governance.Web.Demo;

/// <summary>The demo's limits: wide enough for whoever tries it out.</summary>
internal sealed class DemoLimits(RateLimitService limits)
{
    public async Task CreateAsync(Actor actor, IReadOnlyDictionary<string, Guid> teamOf, CancellationToken cancellation)
    {
        (await limits.SetAsync(actor, LimitScope.Key, null, new LimitValues(300, 400_000, 20), cancellation)).ForDemo();
        (await limits.SetAsync(actor, LimitScope.Team, teamOf["Customer Care"].ToString(), new LimitValues(600, 1_000_000, 40), cancellation)).ForDemo();
        (await limits.SetAsync(actor, LimitScope.Team, teamOf["Data Science"].ToString(), new LimitValues(null, 2_500_000, null), cancellation)).ForDemo();
        (await limits.SetAsync(actor, LimitScope.Person, null, new LimitValues(30, null, 2), cancellation)).ForDemo();
        (await limits.SetAsync(actor, LimitScope.Address, null, new LimitValues(1_200, null, 50), cancellation)).ForDemo();
    }
}
