using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs.Recurring;

/// <summary>Enters recurring charges and ends them. One that has been entered is never edited: it is ended, and entered anew.</summary>
public sealed class ChargeService(GovernanceDatabase database, AccessControl access, AuditTrail audit, TimeProvider time)
{
    public const decimal MaxDollars = 100_000_000;

    /// <summary>A longer term is more likely a slip of the keyboard.</summary>
    public const int MaxYears = 20;

    public async Task<Result<ChargeContract>> AddAsync(Actor actor, NewCharge request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PricesWrite, cancellation) is { } forbidden) return forbidden;
        if (Check(request) is { } invalid) return invalid;

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (request.TeamId is { } team && !await db.Teams.AnyAsync(row => row.Id == team && row.ArchivedAt == null, cancellation))
            return Refusal.Invalid(nameof(request.TeamId), "There is no such team. Choose one that is not archived.");
        var charge = ToContract(request, actor, time.GetUtcNow());
        db.RecurringCharges.Add(charge);
        audit.Record(db, actor, "charge.added", "charge", PublicId.Format(PublicId.Charge, charge.Id),
            new { charge.Provider, charge.Kind, charge.Description, request.Amount, charge.Period, charge.TeamId, charge.FirstDay, charge.LastDay });
        await db.SaveChangesAsync(cancellation);
        return charge;
    }

    /// <summary>Ends a charge after a day. What the days before bear does not move.</summary>
    public async Task<Result> EndAsync(Actor actor, Guid chargeId, DateOnly lastDay, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PricesWrite, cancellation) is { } forbidden) return forbidden;
        return await database.SeriallyAsync(actor.OrganizationId, async db =>
        {
            var charge = await db.RecurringCharges.SingleOrDefaultAsync(row => row.Id == chargeId, cancellation);
            if (charge is null) return Refusal.NotFound("There is no such recurring charge.");
            if (charge.EndedAt is not null) return Refusal.Conflict("This charge was ended already.");
            if (charge.LastDay is { } agreed && lastDay >= agreed)
                return Refusal.Invalid(nameof(lastDay), "The charge ends by itself on that day or before.");
            if (lastDay < charge.FirstDay.AddDays(-1))
                return Refusal.Invalid(nameof(lastDay), "A charge cannot end before it begins.");

            (charge.EndedAfter, charge.EndedAt, charge.EndedBy) = (lastDay, time.GetUtcNow(), actor.Id);
            audit.Record(db, actor, "charge.ended", "charge", PublicId.Format(PublicId.Charge, charge.Id), new { charge.Provider, charge.Description, LastDay = lastDay });
            return Result.Ok;
        }, cancellation);
    }

    private static Refusal? Check(NewCharge request)
    {
        if (string.IsNullOrWhiteSpace(request.Provider) || request.Provider.Length > 64)
            return Refusal.Invalid(nameof(request.Provider), "Name the provider, in 1 to 64 characters, such as openai.");
        if (string.IsNullOrWhiteSpace(request.Description) || request.Description.Length > 500)
            return Refusal.Invalid(nameof(request.Description), "Say what is paid for and where that stands, in 1 to 500 characters.");
        if (request.Amount is <= 0 or > MaxDollars || decimal.Round(request.Amount, 2) != request.Amount)
            return Refusal.Invalid(nameof(request.Amount), $"The amount lies above 0 and at most at {MaxDollars:N0} dollars, in whole cents.");
        if (request is { Period: ChargePeriod.Term, LastDay: null })
            return Refusal.Invalid(nameof(request.LastDay), "A charge for a term has a last day.");
        if (request.LastDay < request.FirstDay)
            return Refusal.Invalid(nameof(request.LastDay), "The last day lies before the first.");
        return request.LastDay is { } last && new DayRange(request.FirstDay, last).Days > MaxYears * 366
            ? Refusal.Invalid(nameof(request.LastDay), $"A charge runs for at most {MaxYears} years.")
            : null;
    }

    private static ChargeContract ToContract(NewCharge request, Actor actor, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = actor.OrganizationId,
        Provider = request.Provider.Trim(),
        Kind = request.Kind,
        Description = request.Description.Trim(),
        AmountNanoUsd = Money.FromDollars(request.Amount).NanoUsd,
        Currency = ChargeContract.Dollars,
        Period = request.Period,
        TeamId = request.TeamId,
        FirstDay = request.FirstDay,
        LastDay = request.LastDay,
        CreatedAt = now,
        CreatedBy = actor.Id,
    };
}
