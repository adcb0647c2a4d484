using Governance.Infrastructure.Costs;

namespace Governance.Web.Components.Pages.Prices;

/// <summary>Where a price version stands at a moment.</summary>
public enum PriceState
{
    InForce,
    Scheduled,
    Ended,
    Cancelled,
}

/// <summary>A model with all versions of its price, the newest first.</summary>
public sealed record ModelPrices(string Provider, string Model, IReadOnlyList<PriceVersion> Versions)
{
    /// <summary>The version to show first: the one in force, or else the next one, or else the latest.</summary>
    public PriceVersion Leading(DateTimeOffset now) =>
        Versions.FirstOrDefault(version => StateOf(version, now) == PriceState.InForce)
        ?? Versions.LastOrDefault(version => StateOf(version, now) == PriceState.Scheduled)
        ?? Versions[0];

    public static PriceState StateOf(PriceVersion version, DateTimeOffset now) =>
        version.CancelledAt is not null ? PriceState.Cancelled
        : version.EffectiveFrom > now ? PriceState.Scheduled
        : version.EffectiveTo is { } end && end <= now ? PriceState.Ended
        : PriceState.InForce;

    public static IReadOnlyList<ModelPrices> Group(IEnumerable<PriceVersion> versions) =>
    [
        .. versions.GroupBy(version => (version.Provider, version.Model))
            .Select(model => new ModelPrices(model.Key.Provider, model.Key.Model, [.. model.OrderByDescending(version => version.EffectiveFrom)])),
    ];

    public bool Matches(string? search) => string.IsNullOrWhiteSpace(search)
        || search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => $"{Provider} {Model}".Contains(word, StringComparison.OrdinalIgnoreCase));
}
