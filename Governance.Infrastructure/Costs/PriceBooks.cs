using System.Collections.Concurrent;
using Governance.Domain.Costs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>The price book of each organisation, read from the database and kept for a moment.</summary>
public sealed class PriceBooks(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>After a change in another process, the old book is used for at most this long.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, (PriceBook Book, DateTimeOffset ReadAt)> _books = new();

    public static PriceBook Empty { get; } = new([]);

    public async ValueTask<PriceBook> GetAsync(Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_books.TryGetValue(organizationId, out var cached) && now - cached.ReadAt < Freshness) return cached.Book;

        await using var db = database.ForOrganization(organizationId);
        var versions = await db.Prices.AsNoTracking().Where(price => price.CancelledAt == null).ToListAsync(cancellation);
        var book = new PriceBook(versions.Select(version => version.ToPrice()));
        _books[organizationId] = (book, now);
        return book;
    }

    /// <summary>Forgets a book after a change in this process.</summary>
    internal void Forget(Guid organizationId) => _books.TryRemove(organizationId, out _);
}
