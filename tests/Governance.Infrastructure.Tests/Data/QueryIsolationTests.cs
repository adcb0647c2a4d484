using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Data;

/// <summary>What pages and the API ask answers nothing of another organisation, even when asked about its ids.</summary>
public sealed class QueryIsolationTests : ProductTest
{
    private static readonly TimeRange Always = new(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task SumAsync_OtherOrganizationsIds_FindNothing()
    {
        var other = await OtherAsync();
        foreach (var filter in new[] { new CostFilter(Always), new CostFilter(Always) { ApplicationId = other.Application.Id }, new CostFilter(Always) { KeyId = other.Key.Id } })
        {
            Assert.Equal(CostSum.Zero, await Get<CostQueries>().TotalAsync(Tenant.Admin, filter, default));
            foreach (var dimension in Enum.GetValues<CostDimension>()) Assert.Empty(await Get<CostQueries>().SumAsync(Tenant.Admin, filter, [dimension], default));
        }

        Assert.Equal(1, (await Get<CostQueries>().TotalAsync(other.Admin, new CostFilter(Always), default)).Requests);
    }

    [Fact]
    public async Task ListAndFind_OtherOrganizationsCalls_FindNothing()
    {
        var other = await OtherAsync();
        var theirs = Assert.Single((await Get<RequestQueries>().ListAsync(other.Admin, new RequestFilter(Always), null, 10, default)).Items);
        Assert.Empty((await Get<RequestQueries>().ListAsync(Tenant.Admin, new RequestFilter(Always), null, 10, default)).Items);
        Assert.Empty((await Get<RequestQueries>().ListAsync(Tenant.Admin, new RequestFilter(Always) { KeyId = other.Key.Id }, null, 10, default)).Items);
        Assert.Null(await Get<RequestQueries>().FindAsync(Tenant.Admin, theirs.Call.Id, default));
        Assert.NotNull(await Get<RequestQueries>().FindAsync(other.Admin, theirs.Call.Id, default));
    }

    [Fact]
    public async Task Lists_OfEveryService_HoldOnlyTheirOwn()
    {
        var other = await OtherAsync();
        Assert.Equal([Tenant.Key.Id], (await Get<KeyService>().ListAsync(Tenant.Admin, default)).Select(row => row.Id));
        Assert.Equal([Tenant.Application.Id], (await Get<ApplicationService>().ListAsync(Tenant.Admin, default)).Select(row => row.Id));
        Assert.Equal([Tenant.Application.TeamId], (await Get<ApplicationService>().ListTeamsAsync(Tenant.Admin, default)).Select(row => row.Id));
        Assert.Empty(await Get<ServiceAccountService>().ListAsync(Tenant.Admin, default));
        Assert.Single(await Get<ServiceAccountService>().ListAsync(other.Admin, default));
        Assert.All(await Get<PriceService>().ListAsync(Tenant.Admin, default), row => Assert.Equal(Tenant.Id, row.OrganizationId));
        var theirSubjects = (await RowsAsync<Subject>()).Select(subject => subject.Id).ToList();
        Assert.Empty(await Get<SubjectDirectory>().ReferencesAsync(Tenant.Id, theirSubjects, default));
        Assert.Equal("their user", Assert.Single(await Get<SubjectDirectory>().ReferencesAsync(other.Id, theirSubjects, default)).Value);
        foreach (var dimension in Enum.GetValues<CostDimension>())
        {
            var mine = (await Get<CostNames>().LoadAsync(Tenant.Admin, dimension, default)).Keys;
            Assert.Empty(mine.Intersect((await Get<CostNames>().LoadAsync(other.Admin, dimension, default)).Keys));
        }
    }

    [Fact]
    public async Task Changes_ToOtherOrganizationsThings_AreNotFound()
    {
        var other = await OtherAsync();
        var price = (await Get<PriceService>().ListAsync(other.Admin, default))[0];
        var account = Assert.Single(await Get<ServiceAccountService>().ListAsync(other.Admin, default));
        Assert.Equal(Domain.RefusalKind.NotFound, (await Get<KeyService>().RevokeAsync(Tenant.Admin, other.Key.Id, default)).Refusal?.Kind);
        Assert.Equal(Domain.RefusalKind.NotFound, (await Get<PriceService>().CancelAsync(Tenant.Admin, price.Id, default)).Refusal?.Kind);
        Assert.Equal(Domain.RefusalKind.NotFound, (await Get<ServiceAccountService>().RevokeAsync(Tenant.Admin, account.Id, default)).Refusal?.Kind);
        var key = new NewVirtualKey(other.Application.Id, "Key", "production", "internal");
        Assert.Equal(Domain.RefusalKind.NotFound, (await Get<KeyService>().CreateAsync(Tenant.Admin, key, default)).Refusal?.Kind);
        var call = new ImportedCall(FakeTime.DefaultStart, other.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 1));
        Assert.Equal(Domain.RefusalKind.NotFound, (await Get<UsageImport>().ImportAsync(Tenant.Admin, [call], default)).Refusal?.Kind);
    }

    /// <summary>Another organisation with one of everything.</summary>
    private async Task<Tenant> OtherAsync()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        await other.AddServiceAccountAsync(Process.Services);
        var call = new ImportedCall(FakeTime.DefaultStart, other.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 1000)) { User = "their user" };
        (await Get<UsageImport>().ImportAsync(other.Admin, [call], default)).Required();
        return other;
    }
}
