using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Privacy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Privacy;

public sealed class CaptureRuleServiceTests : ProductTest
{
    private static readonly CaptureChoice Everything = new(null, null, CapturedSides.Both, 30, Enabled: true);

    [Fact]
    public async Task AddChangeRemove_EachLeavesAnEntryAndCountsAtOnce()
    {
        var service = Get<CaptureRuleService>();
        Assert.Null(await DecidesAsync());

        var id = (await service.AddAsync(Tenant.Admin, Everything, default)).Required();
        Assert.Equal(Everything, await DecidesAsync());
        (await service.ChangeAsync(Tenant.Admin, id, Everything with { Sides = CapturedSides.Prompts, RetentionDays = 7 }, default)).Required();
        Assert.Equal(Everything with { Sides = CapturedSides.Prompts, RetentionDays = 7 }, await DecidesAsync());
        (await service.RemoveAsync(Tenant.Admin, id, default)).Required();
        Assert.Null(await DecidesAsync());

        Assert.Equal(
            ["content_rule.changed", "content_rule.created", "content_rule.removed"],
            (await EventsAsync()).Select(entry => entry.Action).Where(action => action.StartsWith("content_rule", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AddAsync_SecondRuleForTheSameCalls_IsAConflict()
    {
        var service = Get<CaptureRuleService>();
        foreach (var choice in new[] { Everything, Everything with { ApplicationId = Tenant.Application.Id }, Everything with { DataClass = "personal" } })
        {
            (await service.AddAsync(Tenant.Admin, choice, default)).Required();
            Assert.Equal(RefusalKind.Conflict, (await service.AddAsync(Tenant.Admin, choice with { Enabled = false }, default)).Refusal?.Kind);
        }

        Assert.Equal(3, (await service.ListAsync(Tenant.Admin, default)).Count);
    }

    [Theory]
    [InlineData(0, null, nameof(CaptureChoice.RetentionDays))]
    [InlineData(366, null, nameof(CaptureChoice.RetentionDays))]
    [InlineData(30, "secret", nameof(CaptureChoice.DataClass))]
    public async Task AddAsync_ChoiceThatIsNone_NamesTheField(int days, string? dataClass, string field)
    {
        var result = await Get<CaptureRuleService>().AddAsync(Tenant.Admin, Everything with { RetentionDays = days, DataClass = dataClass }, default);
        Assert.Equal(field, result.Refusal?.Field);
    }

    [Fact]
    public async Task AddAsync_ApplicationOfAnotherOrganization_IsRefused()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        var result = await Get<CaptureRuleService>().AddAsync(Tenant.Admin, Everything with { ApplicationId = other.Application.Id }, default);
        Assert.Equal(nameof(CaptureChoice.ApplicationId), result.Refusal?.Field);
        Assert.Null(await DecidesAsync());
    }

    [Fact]
    public void Roles_WhoReadsContent_AreComplianceOfficersAlone() =>
        Assert.Equal([Roles.ComplianceOfficer], Roles.All.Where(role => RoleCatalog.BuiltIn.PermissionsOf(role).ContainsKey(Permissions.ContentRead)));

    private async Task<CaptureChoice?> DecidesAsync() => await Get<CaptureRuleDirectory>().FindAsync(Tenant.Id, Tenant.Application.Id, "internal", default);
}
