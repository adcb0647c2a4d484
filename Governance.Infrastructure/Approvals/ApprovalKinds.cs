namespace Governance.Infrastructure.Approvals;

/// <summary>The sorts of changes that can need approval.</summary>
public sealed class ApprovalKinds(IEnumerable<IApprovable> kinds)
{
    private readonly Dictionary<string, IApprovable> _kinds = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    public IReadOnlyCollection<IApprovable> All => _kinds.Values;

    /// <exception cref="InvalidOperationException">Nothing here applies changes of that kind.</exception>
    public IApprovable Get(string kind) =>
        _kinds.GetValueOrDefault(kind) ?? throw new InvalidOperationException($"Nothing here applies changes of the kind '{kind}'.");

    public string LabelOf(string kind) => _kinds.GetValueOrDefault(kind)?.Label ?? kind;
}
