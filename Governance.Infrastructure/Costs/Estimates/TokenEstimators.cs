using System.Collections.Concurrent;
using System.Data.Common;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Costs.Estimates;

/// <summary>The estimator of each organisation, as it was last calibrated, read from the database and kept for a while.</summary>
public sealed class TokenEstimators(GovernanceDatabase database, TimeProvider time, ILogger<TokenEstimators> logger)
{
    /// <summary>After a calibration in another process, the old ratios are used for at most this long.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, (TokenEstimator Estimator, DateTimeOffset ReadAt)> _estimators = new();

    /// <summary>
    /// Whoever settles a call must not fail because calibrations cannot be read: the ones of before are used then, or none.
    /// </summary>
    public async ValueTask<TokenEstimator> GetAsync(Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var known = _estimators.TryGetValue(organizationId, out var cached);
        if (known && now - cached.ReadAt < Freshness) return cached.Estimator;

        try
        {
            await using var db = database.ForOrganization(organizationId);
            var rows = await db.TokenCalibrations.AsNoTracking().ToListAsync(cancellation);
            var estimator = new TokenEstimator(rows.Select(row => row.ToRatio()));
            _estimators[organizationId] = (estimator, now);
            return estimator;
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or InvalidOperationException { InnerException: DbException })
        {
            Log.CalibrationNotRead(logger, exception, organizationId);
            return known ? cached.Estimator : TokenEstimator.Uncalibrated;
        }
    }

    /// <summary>Forgets an estimator after a calibration in this process.</summary>
    internal void Forget(Guid organizationId) => _estimators.TryRemove(organizationId, out _);
}
