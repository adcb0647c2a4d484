using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs.Recurring;

namespace Governance.Web.Demo;

/// <summary>What the made-up company pays whether or not it calls anything.</summary>
internal sealed class DemoCharges(ChargeService charges)
{
    public async Task CreateAsync(Actor actor, IReadOnlyDictionary<string, Guid> teamOf, DateOnly today, CancellationToken cancellation)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        NewCharge[] all =
        [
            new()
            {
                Provider = "azure-openai", Kind = ChargeKind.ProvisionedThroughput, Description = "15 PTU for the document indexer, order 4471",
                Amount = 390, Period = ChargePeriod.Month, TeamId = teamOf["Data Science"], FirstDay = month.AddMonths(-4),
            },
            new()
            {
                Provider = "anthropic", Kind = ChargeKind.Seats, Description = "5 team seats, invoice INV-2093",
                Amount = 125, Period = ChargePeriod.Month, FirstDay = month.AddMonths(-9).AddDays(11),
            },
            new()
            {
                Provider = "bedrock", Kind = ChargeKind.Commitment, Description = "Six months of reserved capacity, private offer",
                Amount = 900, Period = ChargePeriod.Term, FirstDay = month.AddMonths(-7), LastDay = month.AddMonths(-1).AddDays(-1),
            },
        ];
        foreach (var charge in all) (await charges.AddAsync(actor, charge, cancellation)).ForDemo();
    }
}
