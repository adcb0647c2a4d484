using Governance.Domain.Identity;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Demo;

/// <summary>The demo's routes, and a day in which a provider failed twice.</summary>
internal sealed class DemoResilience(RouteService routes, GovernanceDatabase database, TimeProvider time)
{
    private static readonly RouteDraft[] Routes =
    [
        new("openai", "assistant", [new(DemoConnections.OpenAi, "gpt-5-mini", 1, 9), new(DemoConnections.OpenAiSpare, "gpt-5-mini", 1, 1), new(DemoConnections.OpenAiSpare, "gpt-4.1-mini", 2)]),
        new("openai", "gpt-5.5*", [new(DemoConnections.OpenAi), new(DemoConnections.OpenAiSpare, null, 2)]),
    ];

    public async Task CreateAsync(Actor actor, CancellationToken cancellation)
    {
        // Where the program does not listen on this machine's own address, there are no connections to route to.
        foreach (var route in Routes) await routes.CreateAsync(actor, route, cancellation);

        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        db.BreakerEvents.AddRange(
        [
            .. Outage(actor.OrganizationId, DemoConnections.OpenAi, now.AddHours(-15).AddMinutes(-12), trials: 6, "5 failures in a row."),
            .. Outage(actor.OrganizationId, DemoConnections.OpenAi, now.AddHours(-3).AddMinutes(-41), trials: 1, "13 of 24 calls failed within 60 s."),
            .. Outage(actor.OrganizationId, DemoConnections.Azure, now.AddHours(-8).AddMinutes(-5), trials: 3, "5 failures in a row."),
        ]);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>The breaker opens, some trials fail, and then two succeed.</summary>
    private static IEnumerable<BreakerEvent> Outage(Guid organizationId, string connection, DateTimeOffset at, int trials, string reason)
    {
        var (openFor, from) = (TimeSpan.FromSeconds(15), BreakerState.Closed);
        for (var opening = 1; opening <= trials + 1; opening++)
        {
            yield return Event(from, BreakerState.Open, at + openFor, opening, opening == 1 ? reason : "A trial failed.");
            at += openFor + TimeSpan.FromSeconds(3);
            (from, openFor) = (BreakerState.HalfOpen, openFor * 2 < TimeSpan.FromMinutes(5) ? openFor * 2 : TimeSpan.FromMinutes(5));
        }

        yield return Event(BreakerState.HalfOpen, BreakerState.Closed, null, 0, "2 trials succeeded.");

        BreakerEvent Event(BreakerState was, BreakerState became, DateTimeOffset? until, int openings, string why) => new()
        {
            Id = Guid.CreateVersion7(at),
            OrganizationId = organizationId,
            Connection = connection,
            From = was,
            To = became,
            Reason = why,
            At = at,
            OpenUntil = until,
            Openings = openings,
        };
    }
}
