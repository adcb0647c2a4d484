using Governance.Domain;
using Governance.Infrastructure.Organizations;

namespace Governance.Infrastructure.Tests.Organizations;

public sealed class ApplicationServiceTests : ProductTest
{
    private ApplicationService Service => Get<ApplicationService>();

    [Fact]
    public async Task CreateAsync_OneNameSeveralTimesAtOnce_OneIsCreatedAndTheOthersAreRefused()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            var results = await CreateAtOnceAsync(Enumerable.Repeat($"Search {round}", 4), "Platform");
            Assert.Single(results, result => result.Succeeded);
            Assert.Single(await RowsAsync<Application>(), row => row.Name == $"Search {round}");
        }
    }

    [Fact]
    public async Task CreateAsync_OneNewTeamSeveralTimesAtOnce_IsMadeOnce()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            var results = await CreateAtOnceAsync(Enumerable.Range(0, 4).Select(i => $"Search {round}.{i}"), $"Team {round}");
            Assert.Contains(results, result => result.Succeeded);
            var team = Assert.Single(await RowsAsync<Team>(), row => row.Name == $"Team {round}");
            Assert.Equal(results.Count(result => result.Succeeded), (await RowsAsync<Application>()).Count(row => row.TeamId == team.Id));
        }
    }

    /// <summary>Whoever loses a race is refused as one who came later.</summary>
    private async Task<Result<ApplicationRow>[]> CreateAtOnceAsync(IEnumerable<string> names, string team)
    {
        var results = await Task.WhenAll(names.Select(name => Task.Run(() => Service.CreateAsync(Tenant.Admin, name, team, default))));
        Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal(RefusalKind.Conflict, result.Refusal?.Kind));
        return results;
    }
}
