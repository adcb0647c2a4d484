namespace Governance.Infrastructure.Jobs;

/// <summary>The kinds of work that this process can do.</summary>
public sealed class WorkKinds(IEnumerable<IWorkHandler> handlers)
{
    private readonly Dictionary<string, IWorkHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    public IReadOnlyCollection<string> All => _handlers.Keys;

    /// <summary>The kinds that no second person is needed for.</summary>
    public IReadOnlyList<string> Harmless => [.. _handlers.Values.Where(handler => !handler.Traits.NeedsApproval).Select(handler => handler.Kind)];

    public IWorkHandler? Find(string kind) => _handlers.GetValueOrDefault(kind);

    public WorkTraits TraitsOf(string kind) => Find(kind)?.Traits ?? WorkTraits.Unknown(kind);

    public string LabelOf(string kind) => TraitsOf(kind).Label;
}
