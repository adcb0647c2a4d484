using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

/// <summary>Inheritance as organisations build it: role by role, edit by edit, each edit made unless it would close a circle.</summary>
public sealed class RoleLawTests
{
    private const int Names = 7;

    private static readonly Gen<Edit> Edits =
        from name in Gen.Choose(0, Names - 1)
        from permissions in Gen.ListOf(Gen.Elements(Permissions.All.Select(permission => permission.Name).ToArray()))
        from inherits in Gen.ListOf(Gen.Choose(0, Names + 1))
        select new Edit($"role{name}", [.. permissions.Distinct().Take(4)], [.. inherits.Select(Name).Distinct().Take(3)]);

    private sealed record Edit(string Name, IReadOnlyList<string> Permissions, IReadOnlyList<string> Inherits);

    [Fact]
    public void CycleOf_EditsThatItLetsPass_NeverYieldACircle() => Law.Holds(Gen.ListOf(Edits), edits =>
    {
        foreach (var roles in Histories(edits))
        {
            foreach (var role in roles) Assert.DoesNotContain(role.Name, NaiveAncestors(roles, role.Name));
        }
    });

    [Fact]
    public void CycleOf_EditThatItRefuses_WouldHaveClosedTheCircleItNames() => Law.Holds(Gen.ListOf(Edits), edits =>
    {
        var roles = Histories(edits).LastOrDefault([]);
        foreach (var edit in edits)
        {
            if (new RoleCatalog(roles).CycleOf(edit.Name, edit.Inherits) is not { } cycle) continue;
            var after = With(roles, edit);
            Assert.Equal((edit.Name, edit.Name), (cycle[0], cycle[^1]));
            Assert.All(cycle.Zip(cycle.Skip(1)), step => Assert.Contains(step.Second, after.Single(role => role.Name == step.First).Inherits));
        }
    });

    [Fact]
    public void PermissionsOf_AnyCatalog_IsTheNaiveClosureWithAChainThatLeadsThere() => Law.Holds(Gen.ListOf(Edits), edits =>
    {
        var roles = Histories(edits).LastOrDefault([]);
        var catalog = new RoleCatalog(roles);
        foreach (var role in catalog.All)
        {
            var ancestors = NaiveAncestors(catalog.All, role.Name);
            var expected = catalog.All.Where(other => other.Name == role.Name || ancestors.Contains(other.Name)).SelectMany(other => other.Permissions).ToHashSet();
            var actual = catalog.PermissionsOf(role.Name);
            Assert.Equal(expected.Order(), actual.Keys.Order());
            Assert.Equal(ancestors.Order(), catalog.AncestorsOf(role.Name).Order());
            foreach (var (permission, chain) in actual)
            {
                Assert.Equal(role.Name, chain[0]);
                Assert.Contains(permission, catalog.Find(chain[^1])!.Permissions);
                Assert.All(chain.Zip(chain.Skip(1)), step => Assert.Contains(step.Second, catalog.Find(step.First)!.Inherits));
            }
        }
    });

    /// <summary>The roles after each edit.</summary>
    private static IEnumerable<IReadOnlyList<RoleDefinition>> Histories(IEnumerable<Edit> edits)
    {
        IReadOnlyList<RoleDefinition> roles = [];
        foreach (var edit in edits)
        {
            var catalog = new RoleCatalog(roles);
            if (edit.Inherits.Any(name => name != edit.Name && catalog.Find(name) is null) || catalog.CycleOf(edit.Name, edit.Inherits) is not null) continue;
            yield return roles = With(roles, edit);
        }
    }

    private static IReadOnlyList<RoleDefinition> With(IReadOnlyList<RoleDefinition> roles, Edit edit) =>
        [.. roles.Where(role => role.Name != edit.Name), new RoleDefinition(edit.Name, edit.Name, "", edit.Permissions, edit.Inherits)];

    /// <summary>Adds what is inherited until nothing is added any more.</summary>
    private static HashSet<string> NaiveAncestors(IReadOnlyCollection<RoleDefinition> roles, string name)
    {
        var found = new HashSet<string>();
        for (var size = -1; size != found.Count;)
        {
            size = found.Count;
            foreach (var role in roles.Where(role => role.Name == name || found.Contains(role.Name)).ToList()) found.UnionWith(role.Inherits);
        }

        return found;
    }

    /// <summary>Two of the names are built-in roles.</summary>
    private static string Name(int number) => number < Names ? $"role{number}" : number == Names ? Roles.TeamLead : Roles.CostAdmin;
}
