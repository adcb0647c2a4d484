using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Data;

/// <summary>A reading that would never end is ended, on both databases, and the connection serves the next.</summary>
public sealed class ReadLimitTests : ProductTest
{
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 0 FROM n) SELECT count(*) AS \"Value\" FROM n";

    [Fact]
    public async Task WithinAsync_ReadingThatDoesNotEnd_TimesOut()
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        await Assert.ThrowsAsync<TimeoutException>(() => ReadLimit.WithinAsync(
            db, TimeSpan.FromMilliseconds(50), token => Task.Run(() => db.Database.SqlQueryRaw<long>(Endless).ToListAsync(token)), default));
        Assert.Equal(1, await ReadLimit.WithinAsync(db, TimeSpan.FromMinutes(1), token => db.Organizations.CountAsync(token), default));
    }

    [Fact]
    public async Task WithinAsync_WhoeverAskedIsGone_IsCancelled()
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadLimit.WithinAsync(
            db, TimeSpan.FromMinutes(5), token => Task.Run(() => db.Database.SqlQueryRaw<long>(Endless).ToListAsync(token)), gone.Token));
    }
}
