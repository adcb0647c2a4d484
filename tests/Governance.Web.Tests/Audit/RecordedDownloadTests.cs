using System.Net;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Testing.Audit;
using Governance.Web.Tests.Access;

namespace Governance.Web.Tests.Audit;

/// <summary>Whatever page's rows leave the program as a file, the log says who took them.</summary>
public sealed class RecordedDownloadTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("costs.csv", Roles.Auditor)]
    [InlineData("people.csv", Roles.SystemAdmin)]
    [InlineData("sessions.csv", Roles.SystemAdmin)]
    [InlineData("requests.csv", Roles.ComplianceOfficer)]
    public async Task Download_OfAPage_IsAnEntryOfTheLog(string file, string role)
    {
        using var response = await (await world.BrowserOfAsync(role)).GetAsync($"/export/{file}?period=last-7-days&search=Ann", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var entry = Assert.Single(await EventsAsync(file));
        Assert.Equal(world.ActorOf(role).Id, entry.ActorId);
        Assert.Contains("last-7-days", entry.Details, StringComparison.Ordinal);
        Assert.DoesNotContain("Ann", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_ThatIsRefused_IsNone()
    {
        using var response = await (await world.BrowserOfAsync(Roles.Auditor)).GetAsync("/export/access-reviews/none.csv", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await EventsAsync("none.csv"));
    }

    private async Task<IReadOnlyList<RecordedEvent>> EventsAsync(string file) =>
        [.. (await RecordedEvent.ReadAsync(world.Get<GovernanceDatabase>(), world.Get<DataKeys>())).Where(entry => entry is { Action: "export.created", ResourceId: { } id } && id == file)];
}
