using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class RoleCatalogTests
{
    [Fact]
    public void BuiltIn_EveryRole_HasKnownPermissionsAndNoCycle()
    {
        foreach (var role in Roles.BuiltIn)
        {
            Assert.All(role.Permissions, permission => Assert.True(Permissions.Exists(permission), permission));
            Assert.All(role.Inherits, name => Assert.NotNull(RoleCatalog.BuiltIn.Find(name)));
            Assert.Null(RoleCatalog.BuiltIn.CycleOf(role.Name, role.Inherits));
            Assert.DoesNotContain(SegregationOfDuties.Conflicts(RoleCatalog.BuiltIn, [role.Name]), conflict => conflict.Forbidden);
        }
    }

    [Fact]
    public void PermissionsOf_InheritedPermission_NamesTheChain()
    {
        var catalog = new RoleCatalog([Role("regional_lead", [Permissions.PricesWrite], Roles.TeamLead)]);
        var permissions = catalog.PermissionsOf("regional_lead");
        Assert.Equal(["regional_lead"], permissions[Permissions.PricesWrite]);
        Assert.Equal(["regional_lead", Roles.TeamLead, Roles.Member], permissions[Permissions.CostsRead]);
    }

    [Fact]
    public void CycleOf_RoleThatWouldComeBackToItself_NamesTheWay()
    {
        var catalog = new RoleCatalog([Role("a", []), Role("b", [], "a"), Role("c", [], "b")]);
        Assert.Equal(["a", "c", "b", "a"], catalog.CycleOf("a", ["c"]));
        Assert.Equal(["a", "a"], catalog.CycleOf("a", ["a"]));
        Assert.Null(catalog.CycleOf("c", ["a", "b"]));
    }

    [Fact]
    public void Constructor_CustomRoleWithABuiltInName_ChangesNothing() =>
        Assert.DoesNotContain(Permissions.PeopleWrite, new RoleCatalog([Role(Roles.Member, [Permissions.PeopleWrite])]).PermissionsOf(Roles.Member).Keys);

    [Fact]
    public void Conflicts_AuditorWithAnyWrite_IsForbidden()
    {
        foreach (var role in Roles.BuiltIn.Where(role => role.Name != Roles.Auditor))
        {
            var writes = RoleCatalog.BuiltIn.PermissionsOf(role.Name).Keys.Any(name => Permissions.All.Single(permission => permission.Name == name).Writes);
            Assert.Equal(writes, SegregationOfDuties.Conflicts(RoleCatalog.BuiltIn, [Roles.Auditor, role.Name]).Any(conflict => conflict.Forbidden));
        }
    }

    private static RoleDefinition Role(string name, IReadOnlyList<string> permissions, params string[] inherits) => new(name, name, "", permissions, inherits);
}
