using System.Data;
using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>Adds prices and cancels scheduled ones. A price that has been in force is never changed.</summary>
public sealed class PriceService(GovernanceDatabase database, AccessControl access, PriceBooks books, AuditTrail audit, TimeProvider time)
{
    private const decimal MaxDollars = 100_000;

    private static readonly Refusal Raced =
        Refusal.Conflict("Somebody else changed prices at this very moment. Look at the prices again, then repeat the change if it is still right.");

    public async Task<Result<PriceVersion>> AddAsync(Actor actor, NewPrice request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PricesWrite, cancellation) is { } forbidden) return forbidden;
        var now = time.GetUtcNow();
        var from = request.EffectiveFrom?.ToUniversalTime() ?? now;
        return Check(request, from, now) is { } refusal
            ? refusal
            : await AloneAsync<Result<PriceVersion>>(actor.OrganizationId, db => AddAsync(db, actor, request, from, now, cancellation), Raced, cancellation);
    }

    /// <summary>Takes back a price that is not in force yet; the one before it holds on.</summary>
    public async Task<Result> CancelAsync(Actor actor, Guid priceId, CancellationToken cancellation) =>
        await access.CheckAsync(actor, Permissions.PricesWrite, cancellation) is { } forbidden
            ? forbidden
            : await AloneAsync<Result>(actor.OrganizationId, db => CancelAsync(db, actor, priceId, cancellation), Raced, cancellation);

    /// <summary>Every version of every price, by provider and model, the newest first.</summary>
    public async Task<IReadOnlyList<PriceVersion>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.PricesRead, cancellation)) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.Prices.AsNoTracking()
            .OrderBy(price => price.Provider).ThenBy(price => price.Model).ThenByDescending(price => price.EffectiveFrom).ThenBy(price => price.Id)
            .ToListAsync(cancellation);
    }

    /// <summary>
    /// Reads the periods and changes them as if nobody else did: SQLite lets one writer at a time begin, PostgreSQL fails the
    /// later of two that cannot be put into an order.
    /// </summary>
    private async Task<T> AloneAsync<T>(Guid organizationId, Func<GovernanceDbContext, Task<T>> change, T raced, CancellationToken cancellation)
    {
        try
        {
            await using var db = database.ForOrganization(organizationId);
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
            var result = await change(db);
            await transaction.CommitAsync(cancellation);
            books.Forget(organizationId);
            return result;
        }
        catch (Exception exception) when (exception.IsConflict())
        {
            return raced;
        }
    }

    private async Task<Result<PriceVersion>> AddAsync(
        GovernanceDbContext db, Actor actor, NewPrice request, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellation)
    {
        var (provider, model) = (request.Provider.Trim(), request.Model.Trim());
        var existing = await db.Prices
            .Where(price => price.Provider == provider && price.Model == model && price.CancelledAt == null)
            .ToListAsync(cancellation);
        if (existing.Any(price => price.EffectiveFrom == from))
            return Refusal.Conflict("There is a price of this model from that very moment already. Cancel it first, or choose another moment.");

        // The new version takes over from the one in force, and gives way to the next scheduled one.
        var before = existing.Where(price => price.EffectiveFrom < from).MaxBy(price => price.EffectiveFrom);
        var after = existing.Where(price => price.EffectiveFrom > from).MinBy(price => price.EffectiveFrom);
        if (before is not null && (before.EffectiveTo is null || before.EffectiveTo > from)) before.EffectiveTo = from;
        var price = ToVersion(request, actor, provider, model, from, after?.EffectiveFrom, now);
        db.Prices.Add(price);
        audit.Record(db, actor, "price.added", "price", PublicId.Format(PublicId.Price, price.Id),
            new
            {
                provider, model, from, request.Input, request.Output, request.CachedInput, request.PerRequest, request.PerImage, request.PerAudioSecond,
                request.PerSearch, request.PerToolCall, request.Source, Replaces = before?.Id,
            });
        await db.SaveChangesAsync(cancellation);
        return price;
    }

    private async Task<Result> CancelAsync(GovernanceDbContext db, Actor actor, Guid priceId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var price = await db.Prices.SingleOrDefaultAsync(price => price.Id == priceId, cancellation);
        if (price is null) return Refusal.NotFound("There is no such price.");
        if (price.CancelledAt is not null) return Result.Ok;
        if (price.EffectiveFrom <= now)
            return Refusal.Conflict("This price is in force already, and history is never repriced. Add a new price instead.");

        var before = await db.Prices.SingleOrDefaultAsync(
            other => other.Provider == price.Provider && other.Model == price.Model && other.CancelledAt == null
                && other.EffectiveTo == price.EffectiveFrom,
            cancellation);
        if (before is not null) before.EffectiveTo = price.EffectiveTo;
        price.CancelledAt = now;
        price.CancelledBy = actor.Id;
        audit.Record(db, actor, "price.cancelled", "price", PublicId.Format(PublicId.Price, price.Id), new { price.Provider, price.Model });
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    private static Refusal? Check(NewPrice request, DateTimeOffset from, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Provider) || request.Provider.Length > 64)
            return Refusal.Invalid(nameof(request.Provider), "Name the provider, in 1 to 64 characters, such as openai.");
        if (string.IsNullOrWhiteSpace(request.Model) || request.Model.Length > 200)
            return Refusal.Invalid(nameof(request.Model), "Name the model as the provider's API does, in 1 to 200 characters.");
        if (string.IsNullOrWhiteSpace(request.Source) || request.Source.Length > 500)
            return Refusal.Invalid(nameof(request.Source), "Say where the price was read, in 1 to 500 characters: an auditor will ask.");
        if (request.Notes?.Length > 1000) return Refusal.Invalid(nameof(request.Notes), "Notes may have at most 1,000 characters.");
        if (from < now.AddMinutes(-1))
            return Refusal.Invalid(nameof(request.EffectiveFrom), "A price cannot start in the past: history is never repriced.");
        if (request.LongPromptAbove is <= 0)
            return Refusal.Invalid(nameof(request.LongPromptAbove), "The prompt size must be a positive number of tokens.");
        if (request.LongPromptAbove is null != (request.LongInput is null && request.LongOutput is null))
            return Refusal.Invalid(nameof(request.LongPromptAbove), "A prompt size and the long rates go together: give both or neither.");

        (string Field, decimal? Value)[] rates =
        [
            (nameof(request.Input), request.Input), (nameof(request.Output), request.Output), (nameof(request.CachedInput), request.CachedInput),
            (nameof(request.CacheWrite), request.CacheWrite), (nameof(request.CacheWrite1h), request.CacheWrite1h),
            (nameof(request.LongInput), request.LongInput), (nameof(request.LongOutput), request.LongOutput),
            (nameof(request.LongCachedInput), request.LongCachedInput), (nameof(request.LongCacheWrite), request.LongCacheWrite),
            (nameof(request.AudioInput), request.AudioInput), (nameof(request.AudioOutput), request.AudioOutput),
            (nameof(request.ImageInput), request.ImageInput), (nameof(request.ImageOutput), request.ImageOutput),
            (nameof(request.PerRequest), request.PerRequest), (nameof(request.PerImage), request.PerImage),
            (nameof(request.PerAudioSecond), request.PerAudioSecond), (nameof(request.PerSearch), request.PerSearch),
            (nameof(request.PerToolCall), request.PerToolCall),
        ];
        foreach (var (field, value) in rates)
        {
            if (value is < 0 or > MaxDollars || (value is { } dollars && decimal.Round(dollars, 9) != dollars))
                return Refusal.Invalid(field, $"Prices are dollars per million tokens, or a piece, from 0 to {MaxDollars:N0}, with at most nine decimals.");
        }

        return request is { Batch: > 0 and <= 10, Flex: > 0 and <= 10, Priority: > 0 and <= 10 }
            ? null
            : Refusal.Invalid(nameof(request.Batch), "Multipliers lie above 0 and at most at 10.");
    }

    private static PriceVersion ToVersion(
        NewPrice request, Actor actor, string provider, string model, DateTimeOffset from, DateTimeOffset? to, DateTimeOffset now) => new()
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            Provider = provider,
            Model = model,
            EffectiveFrom = from,
            EffectiveTo = to,
            InputNano = Nano(request.Input),
            OutputNano = Nano(request.Output),
            CachedInputNano = Nano(request.CachedInput),
            CacheWriteNano = Nano(request.CacheWrite),
            CacheWrite1hNano = Nano(request.CacheWrite1h),
            AudioInputNano = Nano(request.AudioInput),
            AudioOutputNano = Nano(request.AudioOutput),
            ImageInputNano = Nano(request.ImageInput),
            ImageOutputNano = Nano(request.ImageOutput),
            RequestNano = Nano(request.PerRequest),
            ImageNano = Nano(request.PerImage),
            AudioSecondNano = Nano(request.PerAudioSecond),
            SearchNano = Nano(request.PerSearch),
            ToolCallNano = Nano(request.PerToolCall),
            LongPromptAbove = request.LongPromptAbove,
            LongInputNano = Nano(request.LongInput),
            LongOutputNano = Nano(request.LongOutput),
            LongCachedInputNano = Nano(request.LongCachedInput),
            LongCacheWriteNano = Nano(request.LongCacheWrite),
            BatchPermille = (int)(request.Batch * 1000),
            FlexPermille = (int)(request.Flex * 1000),
            PriorityPermille = (int)(request.Priority * 1000),
            Source = request.Source.Trim(),
            Notes = string.IsNullOrWhiteSpace(request.Notes) ? null : request.Notes.Trim(),
            CreatedAt = now,
            CreatedBy = actor.Id,
        };

    private static long Nano(decimal dollars) => Money.FromDollars(dollars).NanoUsd;

    private static long? Nano(decimal? dollars) => dollars is { } value ? Nano(value) : null;
}
