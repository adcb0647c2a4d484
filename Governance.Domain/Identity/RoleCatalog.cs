namespace Governance.Domain.Identity;

/// <summary>The roles of an organisation, built-in and its own, with inheritance resolved.</summary>
public sealed class RoleCatalog
{
    private readonly Dictionary<string, RoleDefinition> _roles;

    public RoleCatalog(IEnumerable<RoleDefinition> custom)
    {
        _roles = Roles.BuiltIn.ToDictionary(role => role.Name, StringComparer.Ordinal);
        foreach (var role in custom) _roles.TryAdd(role.Name, role);
    }

    /// <summary>Only the built-in roles.</summary>
    public static RoleCatalog BuiltIn { get; } = new([]);

    public IReadOnlyCollection<RoleDefinition> All => _roles.Values;

    public RoleDefinition? Find(string name) => _roles.GetValueOrDefault(name);

    /// <summary>Everything a role allows, each permission once, with the shortest chain of roles it comes through, the role itself first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> PermissionsOf(string name)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        var queue = new Queue<IReadOnlyList<string>>([[name]]);
        while (queue.TryDequeue(out var chain))
        {
            if (Find(chain[^1]) is not { } role) continue;
            foreach (var permission in role.Permissions) found.TryAdd(permission, chain);
            foreach (var inherited in role.Inherits.Where(seen.Add)) queue.Enqueue([.. chain, inherited]);
        }

        return found;
    }

    /// <summary>A role and all those it inherits from, each once.</summary>
    public IReadOnlySet<string> WithInherited(string name) => new HashSet<string>([name, .. AncestorsOf(name)], StringComparer.Ordinal);

    /// <summary>The roles a role inherits from, near ones first, without itself.</summary>
    public IReadOnlyList<string> AncestorsOf(string name)
    {
        var found = new List<string> { name };
        for (var i = 0; i < found.Count; i++) found.AddRange((Find(found[i])?.Inherits ?? []).Where(inherited => !found.Contains(inherited)).Distinct().ToList());
        return found[1..];
    }

    /// <summary>The chain of roles that would come back to its start if <paramref name="name"/> inherited from these; none if there is no cycle.</summary>
    public IReadOnlyList<string>? CycleOf(string name, IEnumerable<string> inherits)
    {
        foreach (var first in inherits)
        {
            if (first == name) return [name, name];
            var seen = new HashSet<string>(StringComparer.Ordinal) { first };
            var queue = new Queue<IReadOnlyList<string>>([[name, first]]);
            while (queue.TryDequeue(out var chain))
            {
                foreach (var next in Find(chain[^1])?.Inherits ?? [])
                {
                    if (next == name) return [.. chain, name];
                    if (seen.Add(next)) queue.Enqueue([.. chain, next]);
                }
            }
        }

        return null;
    }
}
