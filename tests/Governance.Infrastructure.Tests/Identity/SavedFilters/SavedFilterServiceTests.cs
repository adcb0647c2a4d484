using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Identity.SavedFilters;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.SavedFilters;

public sealed class SavedFilterServiceTests : ProductTest
{
    private SavedFilterService Service => Get<SavedFilterService>();

    [Fact]
    public async Task SaveRenameRemove_OfOnesOwn_AreSeenInTheList()
    {
        var ann = await PersonAsync("ann");
        var id = await SaveAsync(ann, "keys of today", "action=key&period=today");
        await SaveAsync(ann, "Alarms", "severity=alarm");
        Assert.Equal([("Alarms", "severity=alarm"), ("keys of today", "action=key&period=today")], await ListAsync(ann));

        (await Service.RenameAsync(ann, id, " Keys ", default)).Required();
        Assert.Equal(["Alarms", "Keys"], (await ListAsync(ann)).Select(filter => filter.Name));
        (await Service.RemoveAsync(ann, id, default)).Required();
        Assert.Equal(["Alarms"], (await ListAsync(ann)).Select(filter => filter.Name));
    }

    [Fact]
    public async Task Any_OfAnotherPerson_IsNotFound()
    {
        var (ann, bob) = (await PersonAsync("ann"), await PersonAsync("bob"));
        var id = await SaveAsync(ann, "Mine", "action=key");
        await SaveAsync(bob, "Mine", "action=team");
        Assert.Equal([("Mine", "action=team")], await ListAsync(bob));
        Assert.Equal(RefusalKind.NotFound, (await Service.RenameAsync(bob, id, "Theirs", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.RemoveAsync(bob, id, default)).Refusal?.Kind);
        Assert.Equal([("Mine", "action=key")], await ListAsync(ann));
    }

    [Theory]
    [InlineData("")]
    [InlineData("taken")]
    [InlineData("a\tb")]
    public async Task Name_MissingTakenOrUnreadable_IsRefused(string name)
    {
        var ann = await PersonAsync("ann");
        await SaveAsync(ann, "Taken", "action=key");
        var other = await SaveAsync(ann, "Other", "action=key");
        Assert.Equal("Name", (await Service.SaveAsync(ann, SavedFilterService.Audit, name, "action=team", default)).Refusal?.Field);
        Assert.Equal("Name", (await Service.RenameAsync(ann, other, name, default)).Refusal?.Field);
        (await Service.RenameAsync(ann, other, "OTHER", default)).Required();
    }

    [Fact]
    public async Task SaveAsync_BeyondTheLimits_IsRefused()
    {
        var ann = await PersonAsync("ann");
        Assert.Equal("Query", (await Service.SaveAsync(ann, SavedFilterService.Audit, "Long", new string('a', SavedFilterService.MaxQuery + 1), default)).Refusal?.Field);
        Assert.Equal(RefusalKind.NotFound, (await Service.SaveAsync(ann, "no-such-page", "Filter", "", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.SaveAsync(Tenant.Admin, SavedFilterService.Audit, "Filter", "", default)).Refusal?.Kind);
        for (var i = 0; i < SavedFilterService.MaxFilters; i++) await SaveAsync(ann, $"Filter {i}", "action=key");
        Assert.Equal(RefusalKind.Conflict, (await Service.SaveAsync(ann, SavedFilterService.Audit, "One more", "action=key", default)).Refusal?.Kind);
    }

    [Fact]
    public async Task EraseAsync_OfAPerson_TakesTheirFiltersAlong()
    {
        var officer = await PersonAsync("officer", Roles.ComplianceOfficer);
        var ann = await PersonAsync("ann");
        await SaveAsync(ann, "What Ann kept", "action=key");
        await SaveAsync(officer, "What stays", "action=key");
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, ann.Id!.Value, default)).Required();
        (await Get<PersonErasureService>().EraseAsync(officer, ann.Id.Value, "Their request", default)).Required();
        Assert.Equal(["What stays"], (await RowsAsync<SavedFilter>()).Select(filter => filter.Name));
    }

    private async Task<Actor> PersonAsync(string name, string role = Roles.Auditor) =>
        await Tenant.SignedInAsync(Process.Services, await Tenant.AddPersonAsync(Process.Services, $"{name}@example.test", "a long enough password", role));

    private async Task<Guid> SaveAsync(Actor actor, string name, string query) =>
        (await Service.SaveAsync(actor, SavedFilterService.Audit, name, query, default)).Required();

    private async Task<IEnumerable<(string Name, string Query)>> ListAsync(Actor actor) =>
        (await Service.ListAsync(actor, SavedFilterService.Audit, default)).Select(filter => (filter.Name, filter.Query));
}
