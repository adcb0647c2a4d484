using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.People;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Names in lists: what is kept to find them never outlives the person.</summary>
public sealed class PersonTokensTests : ProductTest
{
    private Person _ada = null!;

    [Fact]
    public async Task ListAsync_AfterAnErasure_NamesThemNowhereInAnyProcess()
    {
        await using var other = await NewProcessAsync();
        await ActAsync();
        Assert.Contains("ada", await NamesAsync(Process));
        Assert.Contains("ada", await NamesAsync(other));
        var kept = other.Get<DataKeys>().Tokens.CountOf(Tenant.Id);

        await EraseAsync();
        Assert.Equal(kept - 1, Get<DataKeys>().Tokens.CountOf(Tenant.Id));
        Assert.DoesNotContain("ada", await NamesAsync(Process));
        Assert.DoesNotContain("ada", await NamesAsync(other));
        Assert.Equal(kept - 1, other.Get<DataKeys>().Tokens.CountOf(Tenant.Id));
    }

    [Fact]
    public async Task ListAsync_AfterAChangeOfName_ShowsTheNewOne()
    {
        await ActAsync();
        Assert.Contains("ada", await NamesAsync(Process));
        (await Get<PersonLifecycleService>().RenameAsync(Tenant.Admin, _ada.Id, "Countess of Lovelace", default)).Required();
        Assert.DoesNotContain("ada", await NamesAsync(Process));
        Assert.Contains("Countess of Lovelace", await NamesAsync(Process));
    }

    [Fact]
    public async Task ListAsync_PersonOfAnotherProcess_IsNamedToo()
    {
        await ActAsync();
        await NamesAsync(Process);
        await using var other = await NewProcessAsync();
        var grace = await Tenant.AddPersonAsync(other.Services, "grace@example.test", "a long enough password");
        (await other.Get<PersonLifecycleService>().RenameAsync(Tenant.Acting(grace), grace.Id, "Grace", default)).Required();
        Assert.Contains("Grace", await NamesAsync(Process));
    }

    private async Task ActAsync()
    {
        await Tenant.AddPersonAsync(Process.Services, "another.admin@example.test", "a long enough password");
        _ada = await Tenant.AddPersonAsync(Process.Services, "ada@example.test", "a long enough password");
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        Get<AuditTrail>().Record(db, Tenant.Acting(_ada), "team.renamed", "team", "team_1");
        await db.SaveChangesAsync();
    }

    private async Task EraseAsync()
    {
        var officer = Tenant.Admin;
        (await Get<PersonLifecycleService>().DisableAsync(officer, _ada.Id, default)).Required();
        (await Get<PersonErasureService>().EraseAsync(officer, _ada.Id, "Their request", default)).Required();
    }

    private async Task<IReadOnlyList<string>> NamesAsync(ProductProcess process) =>
        [.. (await process.Get<AuditQueries>().ListAsync(Tenant.Admin, new AuditFilter { ResourceType = "team" }, null, 50, default)).Items
            .Concat((await process.Get<AuditQueries>().ListAsync(Tenant.Admin, new AuditFilter { ResourceType = "person" }, null, 50, default)).Items)
            .SelectMany(row => new[] { row.Actor?.Name, row.Resource?.Name }).OfType<string>().Distinct()];
}
