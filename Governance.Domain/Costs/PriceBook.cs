namespace Governance.Domain.Costs;

/// <summary>The prices of one organisation, looked up by provider, model and moment.</summary>
public sealed class PriceBook(IEnumerable<Price> prices)
{
    private readonly ILookup<(string Provider, string Model), Price> _prices =
        prices.ToLookup(price => (price.Provider, price.Model));

    /// <summary>
    /// The price that held at a moment. A model id with a date suffix resolves to its family when it has no row of its own;
    /// a model nobody priced has no price, and the caller decides whether to refuse it.
    /// </summary>
    public Price? Find(string provider, string model, DateTimeOffset at) =>
        FindExact(provider, model, at) ?? (ModelFamily.Of(model) is { } family ? FindExact(provider, family, at) : null);

    /// <summary>Whether the book knows the model at any time, under its own id or its family's.</summary>
    public bool Knows(string provider, string model) =>
        _prices.Contains((provider, model)) || (ModelFamily.Of(model) is { } family && _prices.Contains((provider, family)));

    private Price? FindExact(string provider, string model, DateTimeOffset at) =>
        _prices[(provider, model)].Where(price => price.HoldsAt(at)).MaxBy(price => price.EffectiveFrom);
}
