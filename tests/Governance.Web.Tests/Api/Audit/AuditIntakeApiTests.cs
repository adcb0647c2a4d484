using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static Governance.Web.Tests.Api.Audit.AuditApiFixture;

namespace Governance.Web.Tests.Api.Audit;

public sealed class AuditIntakeApiTests(AuditApiFixture api) : IClassFixture<AuditApiFixture>
{
    private const string Small = """{"source":"ci","action":"deployment.approved","resource":{"type":"pipeline"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_WithEverything_IsReadAsItWasWritten()
    {
        var id = await IdOfAsync(await PostAsync(api.Writer,
            """
            {"source":"ci","action":"deployment.denied","category":"configuration","severity":"alarm","outcome":"denied","resource":{"type":"pipeline","id":"main/42"},
             "actor":{"id":"robot-7"},"reason":"four_eyes","at":"2026-11-01T10:00:00+01:00","details":{"ticket":"OPS-1","attempts":[1,2]}}
            """));

        var read = await GetAsync(api.Auditor, $"/logs/{id}");
        Assert.Equal(("external", "robot-7"), (Text(read, "actor", "kind"), Text(read, "actor", "ref")));
        Assert.Equal(("pipeline", "main/42"), (Text(read, "resource", "type"), Text(read, "resource", "ref")));
        Assert.Equal(("deployment.denied", "configuration", "alarm", "denied", "four_eyes", "ci"),
            (Text(read, "action"), Text(read, "category"), Text(read, "severity"), Text(read, "outcome"), Text(read, "reason"), Text(read, "source")));
        Assert.NotEqual(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero), read.GetProperty("at").GetDateTimeOffset());
        var payload = read.GetProperty("parts").EnumerateArray().Last().GetProperty("payload");
        Assert.Equal("2026-11-01T09:00:00.000000Z", Text(payload, "reportedAt"));
        Assert.StartsWith("sa_", Text(payload, "reportedBy"), StringComparison.Ordinal);
        Assert.Equal("""{"attempts":[1,2],"ticket":"OPS-1"}""", payload.GetProperty("details").GetRawText());
    }

    [Fact]
    public async Task Post_WithLittle_GetsDefaults()
    {
        var read = await GetAsync(api.Reader, $"/logs/{await IdOfAsync(await PostAsync(api.Writer, Small))}");

        Assert.Equal(("security", "info", "success", "external"), (Text(read, "category"), Text(read, "severity"), Text(read, "outcome"), Text(read, "actor", "kind")));
    }

    [Fact]
    public async Task Post_AboutAPerson_NamesThemByToken()
    {
        var id = await IdOfAsync(await PostAsync(api.Writer, $$$"""{"source":"hr","action":"badge.issued","resource":{"type":"person","id":"{{{api.PersonId}}}"}}"""));

        var resource = (await GetAsync(api.Reader, $"/logs/{id}")).GetProperty("resource");
        Assert.Equal(api.PersonId, resource.GetProperty("personId").GetGuid());
        Assert.DoesNotContain(api.PersonId.ToString("n"), resource.GetProperty("ref").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SameKeyAtOnce_RecordsOnce()
    {
        const string Twice = """{"source":"ci","action":"race.run","resource":{"type":"pipeline"}}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync(api.Writer, Twice, "race-1")));

        var ids = new HashSet<string>();
        foreach (var answer in answers) ids.Add(await IdOfAsync(answer));
        Assert.Equal(Assert.Single(ids), Text(Assert.Single((await GetAsync(api.Reader, "/logs?action=race.run")).GetProperty("items").EnumerateArray()), "id"));
    }

    [Fact]
    public async Task Post_SameKeyOfAnotherAccount_IsAnotherEvent()
    {
        var mine = await IdOfAsync(await PostAsync(api.Writer, Small, "shared"));
        var theirs = await IdOfAsync(await PostAsync(api.Theirs, Small, "shared"));

        Assert.NotEqual(mine, theirs);
        Assert.Equal(mine, await IdOfAsync(await PostAsync(api.Writer, Small.Replace("approved", "changed", StringComparison.Ordinal), "shared")));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetAsync($"/api/v1/audit/logs/{theirs}", Cancellation)).StatusCode);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"action":"a.b","resource":{"type":"x"}}""", "$" },
        { """{"source":"ci","action":"a.b"}""", "$" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"colour":1}""", "$.colour" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x","name":"y"}}""", "$.resource.name" },
        { """{"source":"ci","source":"cd","action":"a.b","resource":{"type":"x"}}""", "$.source" },
        { """{"source":null,"action":"a.b","resource":{"type":"x"}}""", "$.source" },
        { """{"source":7,"action":"a.b","resource":{"type":"x"}}""", "$.source" },
        { "null", "body" },
        { "[", "$" },
        { """{"source":"c i","action":"a.b","resource":{"type":"x"}}""", "source" },
        { """{"source":"ci","action":"deploy","resource":{"type":"x"}}""", "action" },
        { """{"source":"ci","action":"a.b.c","resource":{"type":"x"}}""", "action" },
        { """{"source":"ci","action":"a.b\n","resource":{"type":"x"}}""", "action" },
        { """{"source":"ci","action":"subject.erased","resource":{"type":"x"}}""", "action" },
        { """{"source":"ci","action":"audit.heartbeat","resource":{"type":"x"}}""", "action" },
        { """{"source":"ci","action":"call.succeeded","resource":{"type":"x"}}""", "action" },
        { """{"source":"ci","action":"a.b","resource":{"type":"data_key"}}""", "resource.type" },
        { """{"source":"ci","action":"a.b","resource":{"type":"call"}}""", "resource.type" },
        { """{"source":"ci","action":"a.b","resource":{"type":"X"}}""", "resource.type" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x","id":"ann@example.test"}}""", "resource.id" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x","id":""}}""", "resource.id" },
        { """{"source":"ci","action":"a.b","resource":{"type":"person","id":"ann"}}""", "resource.id" },
        { """{"source":"ci","action":"a.b","resource":{"type":"person","id":"01998f3e-0000-7000-8000-000000000000"}}""", "resource.id" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"actor":{"id":"203.0.113.7"}}""", "actor.id" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"actor":{"id":"2001:db8::7"}}""", "actor.id" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"category":"colour"}""", "category" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"severity":"high"}""", "severity" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"outcome":"maybe"}""", "outcome" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"reason":"because of this"}""", "reason" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"at":"yesterday"}""", "$.at" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"details":[1]}""", "details" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"details":{"a":"\ud800"}}""", "details" },
        { """{"source":"ci","action":"a.b","resource":{"type":"x"},"details":{"a":1,"a":2}}""", "$.details" },
        { $$$"""{"source":"ci","action":"a.b","resource":{"type":"x"},"details":{"a":"{{{new string('a', 16 * 1024)}}}"}}""", "details" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task Post_Wrong_Is400AndNamesIt(string json, string field)
    {
        using var response = await PostAsync(api.Writer, json);

        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        var detail = JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString();
        Assert.Contains($"'{field}", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Governance.Web", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234x")]
    public async Task Post_WrongKey_Is400(string key)
    {
        using var response = await PostAsync(api.Writer, Small, key);

        Assert.Contains("'Idempotency-Key'", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TooLarge_Is413() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(api.Writer, Small + new string(' ', 33 * 1024))).StatusCode);

    [Fact]
    public async Task Post_WithoutThePermission_Is403() => Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(api.Auditor, Small)).StatusCode);

    private static string? Text(JsonElement json, params string[] path) => path.Aggregate(json, (element, name) => element.GetProperty(name)).GetString();
}
