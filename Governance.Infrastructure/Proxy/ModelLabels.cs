using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Which models telemetry names. A caller can write anything where a model belongs, even a key, so only a model that was priced or has
/// answered gets a name of its own, and there are at most so many.
/// </summary>
internal sealed partial class ModelLabels
{
    public const int Most = 200;

    /// <summary>What every other model is called.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    /// <param name="model">As the ledger has it.</param>
    /// <param name="trusted">Whether it is known by more than the caller's word: it has a price, or a provider answered with it.</param>
    public string Of(string model, bool trusted)
    {
        if (_known.ContainsKey(model)) return model;
        if (!trusted || !Name().IsMatch(model)) return Other;
        lock (_adding)
        {
            return _known.Count < Most && _known.TryAdd(model, true) ? model : _known.ContainsKey(model) ? model : Other;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();
}
