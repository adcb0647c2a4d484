using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Tests.Approvals;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity;

public sealed class RoleServiceTests : ApprovalTest
{
    private static readonly RoleDraft Reader = new("price_reader", "Price reader", "Reads prices.", [Permissions.PricesRead], []);

    private RoleService Service => Get<RoleService>();

    [Fact]
    public async Task CreateAsync_Role_CanBeGrantedAndAllows()
    {
        await PeopleAsync();
        (await Service.CreateAsync(Ada, Reader with { Permissions = [Permissions.SessionsRead] }, default)).Required();
        (await Get<GrantService>().GrantAsync(Ada, new NewGrant(Bob.Id, Reader.Name, default, null, "Watches sessions"), default)).Required();
        Assert.True(await Get<AccessControl>().MayAsync(Tenant.Acting(Bob), Permissions.SessionsRead, default));
        var row = (await Get<RoleQueries>().ListAsync(Ada, default)).Single(row => row.Role.Name == Reader.Name);
        Assert.Equal((1, false), (row.Holders, row.IsBuiltIn));
        Assert.Equal(["role.created"], await AuditAsync("role."));
        Assert.Empty(await Get<RoleQueries>().ListAsync(Tenant.Viewer, default));
    }

    [Fact]
    public async Task CreateAsync_BrokenDraft_IsRefused()
    {
        await PeopleAsync();
        (await Service.CreateAsync(Ada, Reader, default)).Required();
        RoleDraft[] bad =
        [
            Reader, Reader with { Name = "Price reader" }, Reader with { Name = "x" }, Reader with { Name = Roles.Member }, Reader with { Name = "other", DisplayName = " " },
            Reader with { Name = "other", Permissions = [] }, Reader with { Name = "other", Permissions = ["prices.eat"] }, Reader with { Name = "other", Inherits = ["nobody"] },
        ];
        foreach (var draft in bad) Assert.Equal(RefusalKind.Invalid, (await Service.CreateAsync(Ada, draft, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(Tenant.Acting(Bob), Reader with { Name = "other" }, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task CreateAsync_MoreThanItsAuthorHolds_IsRefused()
    {
        await PeopleAsync();
        var draft = Reader with { Permissions = [Permissions.AccessReviewsWrite] };
        Assert.Contains(Permissions.AccessReviewsWrite, (await Service.CreateAsync(Ada, draft, default)).Refusal?.Message, StringComparison.Ordinal);
        draft = Reader with { Inherits = [Roles.ComplianceOfficer] };
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(Ada, draft, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task UpdateAsync_Circle_IsRefusedAndNamed()
    {
        await PeopleAsync();
        (await Service.CreateAsync(Ada, Reader, default)).Required();
        (await Service.CreateAsync(Ada, Reader with { Name = "second", Inherits = [Reader.Name] }, default)).Required();
        (await Service.CreateAsync(Ada, Reader with { Name = "third", Inherits = ["second"] }, default)).Required();
        var refusal = (await Service.UpdateAsync(Ada, Reader with { Inherits = ["third"] }, default)).Refusal!;
        Assert.Contains("price_reader → third → second → price_reader", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Conflict, (await Service.UpdateAsync(Ada, Reader with { Name = Roles.Member }, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.UpdateAsync(Ada, Reader with { Name = "fourth" }, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task UpdateAsync_WidenedUnderItsHolders_IsRefused()
    {
        await PeopleAsync();
        (await Service.CreateAsync(Ada, Reader, default)).Required();
        (await Service.CreateAsync(Ada, Reader with { Name = "heir", Inherits = [Reader.Name] }, default)).Required();
        (await Get<GrantService>().GrantAsync(Ada, new NewGrant(Bob.Id, "heir", AccessScope.Team(Tenant.Application.TeamId), null, "Needs it"), default)).Required();

        // Without approval, and beyond the scope for which it is held.
        Assert.Equal(RefusalKind.Conflict, (await Service.UpdateAsync(Ada, Reader with { Permissions = [Permissions.PeopleWrite] }, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Service.UpdateAsync(Ada, Reader with { Permissions = [Permissions.SessionsRead] }, default)).Refusal?.Kind);
        (await Service.UpdateAsync(Ada, Reader with { Permissions = [Permissions.PricesRead, Permissions.CostsRead] }, default)).Required();
        Assert.True(await Get<AccessControl>().MayAsync(Tenant.Acting(Bob), Permissions.CostsRead, default));

        // By whoever holds it themselves.
        (await Get<GrantService>().GrantAsync(Chiara, new NewGrant(Ada.Id!.Value, "heir", default, null, "Needs it"), default)).Required();
        Assert.Equal(RefusalKind.Forbidden, (await Service.UpdateAsync(Ada, Reader with { Permissions = [Permissions.KeysRead, .. Reader.Permissions] }, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task UpdateAsync_ThatBringsAHolderIntoConflict_IsRefused()
    {
        await PeopleAsync();
        (await Service.CreateAsync(Ada, Reader, default)).Required();
        (await Get<GrantService>().GrantAsync(Tenant.Admin, Auditor(), default)).Required();
        (await Get<GrantService>().GrantAsync(Ada, new NewGrant(Bob.Id, Reader.Name, default, null, "Needs it"), default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.UpdateAsync(Tenant.Admin, Reader with { Permissions = [Permissions.UsageImport] }, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task ArchiveAsync_HeldOrInherited_IsRefused()
    {
        await PeopleAsync();
        (await Service.CreateAsync(Ada, Reader, default)).Required();
        (await Service.CreateAsync(Ada, Reader with { Name = "heir", Inherits = [Reader.Name] }, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.ArchiveAsync(Ada, Reader.Name, default)).Refusal?.Kind);
        var grant = (await Get<GrantService>().GrantAsync(Ada, new NewGrant(Bob.Id, "heir", default, null, "Needs it"), default)).Required().Grant!;
        Assert.Equal(RefusalKind.Conflict, (await Service.ArchiveAsync(Ada, "heir", default)).Refusal?.Kind);
        (await Get<GrantService>().RevokeAsync(Ada, grant.Id, null, default)).Required();
        (await Service.ArchiveAsync(Ada, "heir", default)).Required();
        (await Service.ArchiveAsync(Ada, Reader.Name, default)).Required();

        Assert.Equal(RefusalKind.Conflict, (await Get<GrantService>().GrantAsync(Ada, new NewGrant(Bob.Id, "heir", default, null, "Needs it"), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, (await Service.CreateAsync(Ada, Reader, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Service.UpdateAsync(Ada, Reader, default)).Refusal?.Kind);
        Assert.NotNull((await Get<RoleQueries>().FindAsync(Ada, Reader.Name, default))!.Row.ArchivedAt);
        Assert.Equal(["role.archived", "role.archived", "role.created", "role.created"], await AuditAsync("role."));
    }
}
