using Governance.Domain.Costs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>The price book of each organisation, read from the database and kept for a moment.</summary>
public sealed class PriceBooks(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>After a change in another process, the old book is used for at most this long.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly FreshCache<Guid, PriceBook> _cache = new(time, Freshness);

    public static PriceBook Empty { get; } = new([]);

    public ValueTask<PriceBook> GetAsync(Guid organizationId, CancellationToken cancellation) => _cache.GetAsync(organizationId, ReadAsync, cancellation);

    /// <summary>Forgets a book after a change in this process.</summary>
    internal void Forget(Guid organizationId) => _cache.Forget(organizationId);

    private async Task<PriceBook> ReadAsync(Guid organizationId)
    {
        await using var db = database.ForOrganization(organizationId);
        var versions = await db.Prices.AsNoTracking().Where(price => price.CancelledAt == null).ToListAsync();
        return new PriceBook(versions.Select(version => version.ToPrice()));
    }
}
