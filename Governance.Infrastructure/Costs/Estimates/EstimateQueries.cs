using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs.Estimates;

/// <summary>How one side of a model's calls is estimated.</summary>
/// <param name="Used">The ratio that is used: the model's own, or a rougher one where it has too few calls.</param>
/// <param name="Rows">How many calls of the model were looked at.</param>
/// <param name="Error">How far estimates were off; none where nothing could be held back.</param>
public sealed record SideEstimate(TokenRatio Used, int Rows, EstimateError? Error);

/// <summary>How a model's tokens are estimated.</summary>
public sealed record ModelEstimate(string Provider, string Model, SideEstimate Prompt, SideEstimate Output);

/// <summary>All models that were calibrated, and when; never, if the job has not run.</summary>
public sealed record EstimateReport(IReadOnlyList<ModelEstimate> Models, DateTimeOffset? CalibratedAt);

/// <summary>What the last calibration found.</summary>
public sealed class EstimateQueries(GovernanceDatabase database, AccessControl access)
{
    /// <summary>Every model with calls that could be measured, by provider and name.</summary>
    public async Task<EstimateReport> LoadAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.PricesRead, cancellation)) return new EstimateReport([], null);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await db.TokenCalibrations.AsNoTracking().ToListAsync(cancellation);
        var estimator = new TokenEstimator(rows.Select(row => row.ToRatio()));
        var models = rows.Where(row => row.Basis == RatioBasis.Model)
            .GroupBy(row => (row.Provider, row.Name))
            .OrderBy(model => model.Key.Provider, StringComparer.Ordinal).ThenBy(model => model.Key.Name, StringComparer.Ordinal)
            .Select(model => new ModelEstimate(
                model.Key.Provider, model.Key.Name, Side(estimator, model.Key, [.. model], TokenSide.Prompt), Side(estimator, model.Key, [.. model], TokenSide.Output)));
        return new EstimateReport([.. models], rows.Count == 0 ? null : rows.Max(row => row.CalibratedAt));
    }

    private static SideEstimate Side(TokenEstimator estimator, (string Provider, string Model) model, IReadOnlyList<TokenCalibration> rows, TokenSide side)
    {
        var row = rows.SingleOrDefault(row => row.Side == side);
        var error = row is { HeldBackRows: > 0 }
            ? new EstimateError(model.Provider, model.Model, side, row.HeldBackRows, row.MedianPermille, row.NinetiethPermille, row.UncalibratedPermille)
            : null;
        return new SideEstimate(estimator.Find(model.Provider, model.Model, side), row?.Rows ?? 0, error);
    }
}
