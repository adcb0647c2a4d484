using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Testing.Audit;
using static Governance.Web.Tests.Api.Audit.AuditApiFixture;

namespace Governance.Web.Tests.Api.Audit;

public sealed class AuditLogsApiTests(AuditApiFixture api) : IClassFixture<AuditApiFixture>
{
    private const string Unknown = "evt_00000000000000000000000000000000";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_PageByPage_YieldEachEventOnceNewestFirst()
    {
        var (seen, cursor) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await GetAsync(api.Reader, $"/logs?action=key.updated&limit=70{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(Events - 1, seen.Select(item => item.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(Events - 1, seen.Count);
        var moments = seen.Select(item => item.GetProperty("at").GetDateTimeOffset()).ToList();
        Assert.Equal(moments.OrderDescending(), moments);
    }

    [Fact]
    public async Task Logs_OfAPerson_NameThemByIdAndName()
    {
        var page = await GetAsync(api.Reader, $"/logs?personId={api.PersonId}&severity=warning&outcome=failure&category=authentication");

        var item = Assert.Single(page.GetProperty("items").EnumerateArray());
        var actor = item.GetProperty("actor");
        Assert.Equal(("person", api.PersonId, PersonName), (actor.GetProperty("kind").GetString(), actor.GetProperty("personId").GetGuid(), actor.GetProperty("name").GetString()));
        Assert.NotEqual(api.PersonId.ToString("n"), actor.GetProperty("ref").GetString());
        Assert.Equal("wrong_password", item.GetProperty("reason").GetString());
        Assert.True(item.GetProperty("index").GetInt64() >= 0);
    }

    [Fact]
    public async Task Logs_ByResource_FindIt()
    {
        var page = await GetAsync(api.Reader, $"/logs?resourceType=key&resourceId=key_{7:x32}");

        Assert.Equal($"key_{7:x32}", Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("resource").GetProperty("ref").GetString());
    }

    [Fact]
    public async Task Logs_WithAText_YieldWhatSaysItPageByPage()
    {
        var expected = Enumerable.Range(1, Events - 1).Count(number => number.ToString(CultureInfo.InvariantCulture).Contains('7', StringComparison.Ordinal));
        var (seen, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await GetAsync(api.Auditor, $"/logs?action=key.updated&text=7&limit=10{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal((expected, expected), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(HttpStatusCode.Forbidden, (await api.Reader.GetAsync("/api/v1/audit/logs?text=7", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Log_WithAndWithoutThePermission_ShowsOrHidesItsParts()
    {
        var id = await SignInAsync();

        var hidden = await GetAsync(api.Reader, $"/logs/{id}");
        var shown = await GetAsync(api.Auditor, $"/logs/{id}");

        Assert.Equal(JsonValueKind.Null, hidden.GetProperty("parts").ValueKind);
        Assert.Contains($"\"id\":\"{id}\"", hidden.GetProperty("leaf").GetString(), StringComparison.Ordinal);
        var part = Assert.Single(shown.GetProperty("parts").EnumerateArray());
        Assert.Equal(("person", api.PersonId, Address),
            (part.GetProperty("about").GetString(), part.GetProperty("personId").GetGuid(), part.GetProperty("payload").GetProperty("ip").GetString()));
        var readings = await GetAsync(api.Reader, "/logs?action=personal_data.read");
        Assert.Contains(readings.GetProperty("items").EnumerateArray(), item => item.GetProperty("resource").GetProperty("ref").GetString() == id);
    }

    [Fact]
    public async Task Proof_OfAnEvent_IsVerifiedByTheTool()
    {
        var id = await SignInAsync();
        using var folder = new TempFolder();
        foreach (var (client, withParts) in new[] { (api.Reader, false), (api.Auditor, true) })
        {
            var proof = await client.GetStringAsync($"/api/v1/audit/logs/{id}/proof", Cancellation);

            Assert.Equal(withParts, proof.Contains(Address, StringComparison.Ordinal));
            await File.WriteAllTextAsync(folder.PathOf("proof.json"), proof, Cancellation);
            if (withParts) (await AuditVerifier.RunAsync(folder.PathOf("proof.json"))).MustPass();
        }
    }

    [Fact]
    public async Task Statistics_OfAPeriod_CountEveryEventOnce()
    {
        var counts = await GetAsync(api.Reader, "/statistics");

        var items = counts.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(counts.GetProperty("total").GetInt64(), items.Sum(item => item.GetProperty("events").GetInt64()));
        Assert.True(items.Where(item => item.GetProperty("severity").GetString() == "notice").Sum(item => item.GetProperty("events").GetInt64()) >= Events - 1);
        Assert.All(items, item => Assert.True(DateOnly.TryParseExact(item.GetProperty("day").GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));
    }

    [Theory]
    [InlineData("/logs?limit=0", "limit")]
    [InlineData("/logs?limit=501", "limit")]
    [InlineData("/logs?cursor=nonsense", "cursor")]
    [InlineData("/logs?text=", "text")]
    [InlineData("/logs?text=ann&cursor=a-1", "cursor")]
    [InlineData("/logs?cursor=a1", "cursor")]
    [InlineData("/logs?from=yesterday", "from")]
    [InlineData("/logs?from=2026-11-30&to=2026-11-01", "from")]
    [InlineData("/logs?category=colour", "category")]
    [InlineData("/logs?severity=3", "severity")]
    [InlineData("/logs?outcome=perhaps", "outcome")]
    [InlineData("/logs?personId=ann", "personId")]
    [InlineData("/logs?actorId=", "actorId")]
    [InlineData("/logs?actorId=01998f3e-0000-7000-8000-000000000000", "actorId")]
    [InlineData("/logs?resourceId=key_1", "resourceId")]
    [InlineData("/logs?resourceType=person&resourceId=01998f3e-0000-7000-8000-000000000000", "resourceId")]
    [InlineData("/logs/nonsense", "id")]
    [InlineData("/logs/nonsense/proof", "id")]
    [InlineData("/statistics?to=never", "to")]
    [InlineData("/statistics?from=2020-01-01&to=2026-01-01", "from")]
    [InlineData("/export?from=never", "from")]
    [InlineData("/export?format=xml", "format")]
    [InlineData("/events?after=-2", "after")]
    [InlineData("/events?after=x", "after")]
    public async Task Any_BadParameter_Is400AndNamesIt(string path, string parameter)
    {
        using var response = await api.Auditor.GetAsync("/api/v1/audit" + path, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Contains($"'{parameter}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_FromAnotherOrganisation_SeesNothing()
    {
        var id = await SignInAsync();

        foreach (var path in new[] { $"/logs/{id}", $"/logs/{id}/proof", $"/logs/{Unknown}" })
            Assert.Equal(HttpStatusCode.NotFound, (await api.Theirs.GetAsync("/api/v1/audit" + path, Cancellation)).StatusCode);
        Assert.Empty((await GetAsync(api.Theirs, $"/logs?personId={api.PersonId}")).GetProperty("items").EnumerateArray());
        Assert.Empty((await GetAsync(api.Theirs, "/logs?action=key.updated")).GetProperty("items").EnumerateArray());
        Assert.True((await GetAsync(api.Theirs, "/statistics")).GetProperty("total").GetInt64() < Events);
    }

    [Theory]
    [InlineData("/export")]
    [InlineData("/export?format=csv")]
    public async Task Export_WithoutItsPermission_Is403(string path) =>
        Assert.Equal(HttpStatusCode.Forbidden, (await api.Reader.GetAsync("/api/v1/audit" + path, Cancellation)).StatusCode);

    private async Task<string> SignInAsync() =>
        (await GetAsync(api.Reader, "/logs?action=sign_in.failed")).GetProperty("items")[0].GetProperty("id").GetString()!;
}
