using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Recurring;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Costs;

public sealed class ChargeServiceTests : ProductTest
{
    private static readonly DayRange June = new(new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 30));

    private static readonly NewCharge Charge = new()
    {
        Provider = "openai", Kind = ChargeKind.Seats, Description = "Seats", Amount = 300, Period = ChargePeriod.Month, FirstDay = new DateOnly(2026, 5, 1),
    };

    private ChargeService Service => Get<ChargeService>();

    [Fact]
    public async Task AddAsync_MonthlyCharge_IsBorneByItsDaysAndNotByTheLedger()
    {
        (await Service.AddAsync(Tenant.Admin, Charge, default)).Required();
        Assert.Equal(Money.FromDollars(300), await TotalAsync(June));
        Assert.Equal(Money.FromDollars(10), await TotalAsync(new DayRange(June.From, June.From)));
        Assert.Equal(Money.Zero, await TotalAsync(new DayRange(new DateOnly(2026, 4, 1), new DateOnly(2026, 4, 30))));
        Assert.Empty(await RowsAsync<LedgerEntry>());
        Assert.Contains(await EventsAsync(), row => row.Action == "charge.added");
    }

    [Fact]
    public async Task TotalAsync_TeamAndProvider_KeepJustTheirCharges()
    {
        var team = Tenant.Application.TeamId;
        (await Service.AddAsync(Tenant.Admin, Charge, default)).Required();
        (await Service.AddAsync(Tenant.Admin, Charge with { Amount = 30, TeamId = team }, default)).Required();
        (await Service.AddAsync(Tenant.Admin, Charge with { Amount = 3, Provider = "anthropic" }, default)).Required();
        Assert.Equal(Money.FromDollars(333), await TotalAsync(June));
        Assert.Equal(Money.FromDollars(30), await TotalAsync(June, team));
        Assert.Equal(Money.FromDollars(3), await TotalAsync(June, provider: "anthropic"));
        Assert.Equal([null, "Platform", null], (await Get<ChargeQueries>().ListAsync(Tenant.Admin, default)).OrderByDescending(row => row.Charge.AmountNanoUsd).Select(row => row.Team));
    }

    [Fact]
    public async Task EndAsync_RunningCharge_KeepsWhatItsDaysBore()
    {
        var charge = (await Service.AddAsync(Tenant.Admin, Charge, default)).Required();
        (await Service.EndAsync(Tenant.Admin, charge.Id, June.From.AddDays(9), default)).Required();
        Assert.Equal(Money.FromDollars(100), await TotalAsync(June));
        Assert.Equal(Money.Zero, await TotalAsync(new DayRange(June.From.AddDays(10), June.To)));
        Assert.Contains(await EventsAsync(), row => row.Action == "charge.ended");
        Assert.Equal(RefusalKind.Conflict, (await Service.EndAsync(Tenant.Admin, charge.Id, June.To, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task EndAsync_BeforeItBegins_BearsNothing()
    {
        var charge = (await Service.AddAsync(Tenant.Admin, Charge, default)).Required();
        Assert.Equal(RefusalKind.Invalid, (await Service.EndAsync(Tenant.Admin, charge.Id, Charge.FirstDay.AddDays(-2), default)).Refusal?.Kind);
        (await Service.EndAsync(Tenant.Admin, charge.Id, Charge.FirstDay.AddDays(-1), default)).Required();
        Assert.Equal(Money.Zero, await TotalAsync(June));
    }

    [Fact]
    public async Task EndAsync_AfterItsLastDay_IsRefused()
    {
        var charge = (await Service.AddAsync(Tenant.Admin, Charge with { LastDay = June.To }, default)).Required();
        Assert.Equal(RefusalKind.Invalid, (await Service.EndAsync(Tenant.Admin, charge.Id, June.To, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task AddAsync_BrokenRequest_IsRefused()
    {
        NewCharge[] broken =
        [
            Charge with { Provider = " " }, Charge with { Description = "" }, Charge with { Amount = 0 }, Charge with { Amount = -1 }, Charge with { Amount = 0.001m },
            Charge with { Amount = ChargeService.MaxDollars + 1 }, Charge with { Period = ChargePeriod.Term }, Charge with { LastDay = Charge.FirstDay.AddDays(-1) },
            Charge with { LastDay = Charge.FirstDay.AddYears(21) }, Charge with { TeamId = Guid.CreateVersion7(Clock.GetUtcNow()) },
        ];
        foreach (var request in broken) Assert.Equal(RefusalKind.Invalid, (await Service.AddAsync(Tenant.Admin, request, default)).Refusal?.Kind);
        Assert.Empty(await RowsAsync<ChargeContract>());
        Assert.DoesNotContain(await EventsAsync(), row => row.Action == "charge.added");
    }

    [Fact]
    public async Task AddAsync_Viewer_IsRefused()
    {
        Assert.Equal(RefusalKind.Forbidden, (await Service.AddAsync(Tenant.Viewer, Charge, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.EndAsync(Tenant.Viewer, Guid.Empty, June.To, default)).Refusal?.Kind);
    }

    private Task<Money> TotalAsync(DayRange days, Guid? team = null, string? provider = null) =>
        Get<ChargeQueries>().TotalAsync(Tenant.Admin, days, team, provider, default);
}
