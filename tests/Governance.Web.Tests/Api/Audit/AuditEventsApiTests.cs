using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using static Governance.Web.Tests.Api.Audit.AuditApiFixture;

namespace Governance.Web.Tests.Api.Audit;

public sealed class AuditEventsApiTests(AuditApiFixture api) : IClassFixture<AuditApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_FromTheBeginning_ComeInOrderWithoutAGap()
    {
        using var stream = await AuditStreamReader.OpenAsync(api.Reader, "?after=-1");
        for (long index = 0; index < Events; index++)
        {
            var (id, data) = await stream.NextAsync();
            Assert.Equal((index, index), (id, data.GetProperty("index").GetInt64()));
        }
    }

    [Fact]
    public async Task Events_ResumedWithTheLastId_ContinueBehindIt()
    {
        long last;
        using (var first = await AuditStreamReader.OpenAsync(api.Reader, "?after=4")) last = (await first.NextAsync()).Id;

        using var second = await AuditStreamReader.OpenAsync(api.Reader, "?after=100", lastEventId: last.ToString(CultureInfo.InvariantCulture));

        Assert.Equal((5, 6), (last, (await second.NextAsync()).Id));
    }

    [Fact]
    public async Task Events_WithoutAPlace_AreOnlyWhatIsNew()
    {
        await api.CatchUpAsync();
        using var mine = await AuditStreamReader.OpenAsync(api.Reader);
        using var theirs = await AuditStreamReader.OpenAsync(api.Theirs);
        await IdOfAsync(await PostAsync(api.Theirs, """{"source":"ci","action":"theirs.done","resource":{"type":"x"}}"""));
        var id = await IdOfAsync(await PostAsync(api.Writer, """{"source":"ci","action":"mine.done","resource":{"type":"x"}}"""));

        var seen = (await mine.NextAsync()).Data;

        Assert.Equal((id, "mine.done"), (seen.GetProperty("id").GetString(), seen.GetProperty("action").GetString()));
        Assert.Equal(seen.GetRawText(), (await GetAsync(api.Reader, "/logs?action=mine.done")).GetProperty("items")[0].GetRawText());
        Assert.NotEqual("mine.done", (await theirs.NextAsync()).Data.GetProperty("action").GetString());
    }

    [Fact]
    public async Task Events_WhenTheAccountIsRevoked_End()
    {
        var accounts = api.Server.Get<ServiceAccountService>();
        var account = (await accounts.CreateAsync(api.Mine.Admin, new NewServiceAccount("Short") { Scopes = [Permissions.AuditRead] }, Cancellation)).Required();
        using var client = api.Server.NewClient(account.Secret);
        using var stream = await AuditStreamReader.OpenAsync(client);

        (await accounts.RevokeAsync(api.Mine.Admin, account.Id, Cancellation)).Required();

        await stream.EndAsync();
    }

    [Fact]
    public async Task Events_WhenTheScopeIsTaken_End()
    {
        var accounts = api.Server.Get<ServiceAccountService>();
        var account = (await accounts.CreateAsync(api.Mine.Admin, new NewServiceAccount("Less") { Scopes = [Permissions.AuditRead] }, Cancellation)).Required();
        using var client = api.Server.NewClient(account.Secret);
        using var stream = await AuditStreamReader.OpenAsync(client);

        (await accounts.UpdateAsync(api.Mine.Admin, account.Id, new ServiceAccountChange("Less", null, [Permissions.CostsRead], null), Cancellation)).Required();

        await stream.EndAsync();
    }

    [Fact]
    public async Task Events_MoreThanTheProcessHolds_Are503UntilOneGoes()
    {
        var streams = new List<AuditStreamReader>();
        await Eventually.TrueAsync(() => FillAsync(streams), "twenty streams were open");

        using var refused = await api.Reader.GetAsync("/api/v1/audit/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("too_many_streams", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());

        streams[0].Dispose();
        streams.RemoveAt(0);
        await Eventually.TrueAsync(() => FillAsync(streams), "a place became free");
        foreach (var stream in streams) stream.Dispose();
    }

    [Fact]
    public async Task Events_WhileNothingHappens_ShowThatTheyLive()
    {
        var clock = new FakeTime();
        await using var server = await GovernanceServer.StartAsync(time: clock);
        var tenant = await server.AddTenantAsync();
        var account = await server.Get<ServiceAccountService>().CreateAsync(tenant.Admin, new NewServiceAccount("Quiet") { Scopes = [Permissions.AuditRead] }, Cancellation);
        using var client = server.NewClient(account.Required().Secret);
        using var stream = await AuditStreamReader.OpenAsync(client, "?after=1000000");

        var line = stream.LineAsync();
        var started = clock.GetUtcNow();
        await Eventually.TrueAsync(
            () =>
            {
                if (!line.IsCompleted) clock.Advance(TimeSpan.FromSeconds(1));
                return line.IsCompleted;
            }, "a heartbeat came");

        Assert.StartsWith(":", await line, StringComparison.Ordinal);
        Assert.True(clock.GetUtcNow() - started >= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Events_WhenTheServerStops_DoNotHoldItUp()
    {
        var server = await GovernanceServer.StartAsync();
        var tenant = await server.AddTenantAsync();
        var account = await server.Get<ServiceAccountService>().CreateAsync(tenant.Admin, new NewServiceAccount("Open") { Scopes = [Permissions.AuditRead] }, Cancellation);
        using var client = server.NewClient(account.Required().Secret);
        using var stream = await AuditStreamReader.OpenAsync(client, "?after=1000000");

        await server.DisposeAsync();

        await stream.EndAsync();
    }

    /// <summary>Opens streams while there are places; those of earlier tests may still be ending.</summary>
    private async Task<bool> FillAsync(List<AuditStreamReader> streams)
    {
        while (streams.Count < 20)
        {
            if (await AuditStreamReader.TryOpenAsync(api.Reader, "", null) is not { } stream) return false;
            streams.Add(stream);
        }

        return true;
    }
}
