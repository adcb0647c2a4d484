using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs.Recurring;

/// <summary>A recurring charge with the name of the team that bears it.</summary>
public sealed record ChargeRow(ChargeContract Charge, string? Team);

/// <summary>Recurring charges as a list and as a cost of days. Who sees a part of the organisation sees the charges of its teams.</summary>
public sealed class ChargeQueries(AccessControl access)
{
    /// <summary>All of them, those that began last first.</summary>
    public async Task<IReadOnlyList<ChargeRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.PricesRead, cancellation);
        return await (
            from charge in db.RecurringCharges.AsNoTracking()
            join team in db.Teams on charge.TeamId equals (Guid?)team.Id into teams
            from team in teams.DefaultIfEmpty()
            orderby charge.FirstDay descending, charge.Id descending
            select new ChargeRow(charge, team == null ? null : team.Name))
            .ToListAsync(cancellation);
    }

    /// <summary>What some days bear of the charges that an actor may see.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="days">Days of the reporting zone.</param>
    /// <param name="teamId">Only of this team; none for all, the organisation's own among them.</param>
    /// <param name="provider">Only of this provider; none for all.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Money> TotalAsync(Actor actor, DayRange days, Guid? teamId, string? provider, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.CostsRead, cancellation);
        var (from, to) = (days.From, days.To);
        var charges = await db.RecurringCharges.AsNoTracking()
            .Where(charge => charge.FirstDay <= to && (charge.LastDay == null || charge.LastDay >= from) && (charge.EndedAfter == null || charge.EndedAfter >= from))
            .Where(charge => teamId == null || charge.TeamId == teamId)
            .Where(charge => provider == null || charge.Provider == provider)
            .ToListAsync(cancellation);
        return charges.Aggregate(Money.Zero, (sum, charge) => sum + charge.ToCharge().Over(days));
    }
}
