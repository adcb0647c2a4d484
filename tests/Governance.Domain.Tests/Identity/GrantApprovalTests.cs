using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class GrantApprovalTests
{
    private static readonly string[] Guarded = [Roles.SystemAdmin, Roles.Auditor];

    [Fact]
    public void Needed_BuiltInRole_GoesByTheListAlone()
    {
        Assert.NotNull(GrantApproval.Needed(RoleCatalog.BuiltIn, Roles.Auditor, Guarded));
        Assert.Null(GrantApproval.Needed(RoleCatalog.BuiltIn, Roles.CostAdmin, Guarded));
        Assert.Null(GrantApproval.Needed(RoleCatalog.BuiltIn, Roles.Auditor, []));
    }

    [Fact]
    public void Needed_CustomRole_GoesByWhatItInheritsAndMayChange()
    {
        Assert.Null(GrantApproval.Needed(Catalog([Permissions.SessionsRead]), "own", Guarded));
        Assert.Contains(Permissions.PeopleWrite, GrantApproval.Needed(Catalog([Permissions.PeopleWrite]), "own", Guarded), StringComparison.Ordinal);
        Assert.Contains(Permissions.UsageImport, GrantApproval.Needed(Catalog([], Roles.CostAdmin), "own", Guarded), StringComparison.Ordinal);
        Assert.Contains(Roles.Auditor, GrantApproval.Needed(Catalog([], Roles.Auditor), "own", Guarded), StringComparison.Ordinal);
        Assert.Null(GrantApproval.Needed(Catalog([Permissions.AccessReviewsWrite]), "own", Guarded)); // none of the two may
    }

    private static RoleCatalog Catalog(IReadOnlyList<string> permissions, params string[] inherits) => new([new RoleDefinition("own", "Own", "", permissions, inherits)]);
}
