using Governance.Domain.Costs;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Costs.Recurring;
using Governance.Infrastructure.Proxy;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static readonly DayRange Autumn = new(new DateOnly(2026, 9, 1), new DateOnly(2026, 11, 30));

    private static IReadOnlyList<AccessLine> PriceRoutes =>
    [
        Route("GET /prices/charges", PageReaders),
        Route("GET /prices/estimates", PageReaders),
        Route("GET /export/recurring-charges.csv", PageReaders),
        Route("GET /export/estimates.csv", PageReaders),
    ];

    private static IReadOnlyList<AccessLine> PriceCommands =>
    [
        Command("ChargeService.AddAsync", Here(SystemAdmin, CostAdmin), (world, actor) =>
            world.Get<ChargeService>().AddAsync(actor, Charge(null), default)) with { Elsewhere = true },
        Command("ChargeService.EndAsync", Here(SystemAdmin, CostAdmin), async (world, actor) =>
            await world.Get<ChargeService>().EndAsync(actor, await ChargeAsync(world), Autumn.To, default)),
    ];

    private static IReadOnlyList<AccessLine> PriceReadings =>
    [
        Reading("ChargeQueries.ListAsync", Readers, async (world, actor) =>
        {
            var id = await ChargeAsync(world);
            return (await world.Get<ChargeQueries>().ListAsync(actor, default)).Any(row => row.Charge.Id == id);
        }),
        Reading("ChargeQueries.TotalAsync", Readers, async (world, actor) =>
        {
            await ChargeAsync(world);
            return await world.Get<ChargeQueries>().TotalAsync(actor, Autumn, world.Tenant.Application.TeamId, null, default) > Money.Zero;
        }),
        Reading("EstimateQueries.LoadAsync", [.. Readers, AccessWorld.OtherTeam], async (world, actor) =>
        {
            (await world.Get<UsageImport>().ImportAsync(world.Tenant.Admin, [Imported(world) with { PromptBytes = 44 }], default)).Required();
            await world.Get<EstimatorCalibration>().CalibrateAsync(world.Tenant.Id, default);
            return (await world.Get<EstimateQueries>().LoadAsync(actor, default)).Models.Count > 0;
        }),
    ];

    private static NewCharge Charge(Guid? team) => new()
    {
        Provider = "openai",
        Kind = ChargeKind.Seats,
        Description = "Seats",
        Amount = 10,
        Period = ChargePeriod.Month,
        TeamId = team,
        FirstDay = Autumn.From,
    };

    /// <summary>A charge that the team Platform bears.</summary>
    private static async Task<Guid> ChargeAsync(AccessWorld world) =>
        (await world.Get<ChargeService>().AddAsync(world.Tenant.Admin, Charge(world.Tenant.Application.TeamId), default)).Required().Id;
}
