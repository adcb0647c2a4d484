using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs.Estimates;

/// <summary>
/// Measures every day, for each organisation and model, how many bytes make a token, and how far an estimate would have been off: on calls whose
/// tokens the provider reported and whose bytes are known. The sandbox's tokens are made up and teach nothing.
/// </summary>
public sealed class EstimatorCalibration(GovernanceDatabase database, TokenEstimators estimators, TimeProvider time) : IJob
{
    /// <summary>How many calls of a model are looked at, the newest first.</summary>
    internal const int MaxRows = 2000;

    /// <summary>A model that was not called since is not calibrated any more.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromDays(90);

    public string Name => "estimator-calibration";

    public TimeSpan Interval => TimeSpan.FromDays(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        var organizations = await db.Organizations.Select(organization => organization.Id).ToListAsync(cancellation);
        foreach (var organization in organizations) await CalibrateAsync(organization, cancellation);
    }

    /// <summary>Measures one organisation.</summary>
    public async Task CalibrateAsync(Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(organizationId);
        var samples = await SamplesAsync(db, now - Reach, cancellation);
        var errors = EstimateError.HeldBack(samples).ToDictionary(error => (error.Provider, error.Model, error.Side));
        var rows = TokenEstimator.Measure(samples)
            .Select(ratio => TokenCalibration.From(
                organizationId, ratio, ratio.Basis == RatioBasis.Model ? errors.GetValueOrDefault((ratio.Provider, ratio.Name, ratio.Side)) : null, now));

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.TokenCalibrations.ExecuteDeleteAsync(cancellation);
        db.TokenCalibrations.AddRange(rows);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        estimators.Forget(organizationId);
    }

    private static async Task<IReadOnlyList<TokenSample>> SamplesAsync(GovernanceDbContext db, DateTimeOffset since, CancellationToken cancellation)
    {
        var reported = db.LedgerEntries.AsNoTracking().Where(entry => entry.StartedAt >= since
            && entry.RequestCount == 1 && entry.Provenance == Provenance.Reported && entry.Outcome == CallOutcome.Succeeded
            && entry.Connection != ProviderConnections.SandboxName);
        var models = await reported.Select(entry => new { entry.Provider, entry.Model }).Distinct().ToListAsync(cancellation);
        var samples = new List<TokenSample>();
        foreach (var model in models)
        {
            var rows = await (
                from entry in reported
                join call in db.Calls.AsNoTracking() on entry.CallId equals call.Id
                where entry.Provider == model.Provider && entry.Model == model.Model && (call.PromptBytes > 0 || entry.ContentBytes > 0)
                orderby entry.StartedAt descending, entry.Id descending
                select new
                {
                    call.PromptBytes,
                    PromptTokens = entry.InputTokens + entry.CachedInputTokens + entry.CacheWriteTokens + entry.CacheWrite1hTokens,
                    entry.ContentBytes,
                    entry.OutputTokens,
                })
                .Take(MaxRows)
                .ToListAsync(cancellation);
            foreach (var row in rows)
            {
                samples.Add(new TokenSample(model.Provider, model.Model, TokenSide.Prompt, row.PromptBytes, row.PromptTokens));
                samples.Add(new TokenSample(model.Provider, model.Model, TokenSide.Output, row.ContentBytes, row.OutputTokens));
            }
        }

        return samples;
    }
}
