using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Streaming;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Mail;
using Governance.Testing.Server;
using Governance.Testing.Upstream;

namespace Governance.Infrastructure.Tests.Audit.Streaming;

/// <summary>Events leave in the order of the log, at least once and without a gap.</summary>
public sealed class AuditWebhookTests : ProductTest
{
    private StubUpstream _receiver = null!;

    private AuditWebhookService Service => Get<AuditWebhookService>();

    protected override async Task<ProductProcess> NewProcessAsync()
    {
        _receiver ??= await StubUpstream.StartAsync(Replies.Json("ok"));
        return await base.NewProcessAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Run_ManyEvents_ArriveInOrderInSignedBatches()
    {
        var created = await AddAsync();
        await GrowAsync(250);
        await RunAsync();

        Assert.All(Batches(), batch => Assert.InRange(batch.Count, 1, 100));
        var row = await RowAsync();
        Assert.Equal(await SizeAsync() - 1, row.DeliveredIndex);
        AssertNoGap(from: 0);
        var key = Convert.FromBase64String(created.Secret["whsec_".Length..]);
        Assert.All(_receiver.Received, request =>
        {
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}."), .. request.Body];
            Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)), request.Headers["webhook-signature"]);
            Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), request.Headers["webhook-timestamp"]);
        });
    }

    [Fact]
    public async Task Run_ReceiverDownAndBack_GetsTheSameUnderTheSameIdAndThenTheRest()
    {
        await AddAsync();
        await GrowAsync(10);
        _receiver.Enqueue(Replies.Json("", 500));
        _receiver.Enqueue(Replies.HangUp); // It may have it or not: it gets it again.
        await RunAsync();
        await GrowAsync(10);
        await RunAsync(TimeSpan.FromSeconds(10));
        await RunAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(4, _receiver.Received.Count);
        Assert.Single(_receiver.Received.Take(3).Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Single(_receiver.Received.Take(3).Select(request => Convert.ToBase64String(request.Body)).Distinct());
        Assert.NotEqual(_receiver.Received[0].Headers["webhook-id"], _receiver.Received[3].Headers["webhook-id"]);
        AssertNoGap(from: 2);
        Assert.Null((await RowAsync()).FailingSince);
    }

    [Fact]
    public async Task Run_AfterARestart_GoesOnWhereItWas()
    {
        await AddAsync();
        await GrowAsync(150);
        _receiver.Enqueue(Replies.Json(""));
        _receiver.Enqueue(Replies.Json("", 503));
        await RunAsync();
        await GrowAsync(5);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await using (var anew = await new ProductProcess(Database, Clock).StartAsync()) await anew.Get<AuditWebhookJob>().RunAsync(default);

        Assert.Equal(_receiver.Received[1].Headers["webhook-id"], _receiver.Received[2].Headers["webhook-id"]);
        var sequences = Batches().Where((_, index) => index != 1).SelectMany(batch => batch.Select(Sequence)).ToList();
        Assert.Equal(Enumerable.Range((int)sequences[0], sequences.Count).Select(index => (long)index), sequences);
        Assert.Equal(await SizeAsync() - 1, sequences[^1]);
    }

    [Fact]
    public async Task Run_EventsThatTheFilterPassesOver_MoveThePlaceWithoutAMessage()
    {
        await AddAsync(Draft with { MinimumSeverity = AuditSeverity.Warning });
        await GrowAsync(30);
        await RunAsync();
        Assert.Empty(_receiver.Received);
        Assert.Equal(await SizeAsync() - 1, (await RowAsync()).DeliveredIndex);
        Assert.Equal(0, Assert.Single(await Service.ListAsync(Tenant.Admin, default)).Waiting);

        var row = await RowAsync();
        (await Service.ChangeAsync(Tenant.Admin, row.Id, Draft with { Categories = [AuditCategory.Configuration] }, default)).Required();
        await GrowAsync(3);
        await RunAsync();
        Assert.Equal(["integration.changed"], Batches().SelectMany(batch => batch).Select(entry => entry.GetProperty("metadata").GetProperty("event_code").GetString()));
    }

    [Fact]
    public async Task Run_SwitchedOff_SendsNothingAndGoesOnLater()
    {
        var id = (await AddAsync()).Id;
        (await Service.ChangeAsync(Tenant.Admin, id, Draft with { Enabled = false }, default)).Required();
        await GrowAsync(3);
        await RunAsync();
        Assert.Empty(_receiver.Received);
        (await Service.ChangeAsync(Tenant.Admin, id, Draft, default)).Required();
        await GrowAsync(1);
        await RunAsync();
        AssertNoGap(from: 0);
        Assert.Equal(await SizeAsync() - 1, (await RowAsync()).DeliveredIndex);
    }

    [Fact]
    public async Task Run_TwoOrganizations_EachReceiverGetsItsOwnEventsAlone()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        await using var theirs = await StubUpstream.StartAsync(Replies.Json("ok"));
        await AddAsync();
        (await Service.AddAsync(other.Admin, Draft with { Url = theirs.Url }, default)).Required();
        await GrowAsync(3);
        await Get<AuditSequencer>().CatchUpAsync(other.Id, default);
        await RunAsync();

        Assert.NotEmpty(theirs.Received);
        Assert.All(_receiver.Received, request => Assert.DoesNotContain(other.Id.ToString("n"), Encoding.UTF8.GetString(request.Body), StringComparison.Ordinal));
        Assert.All(theirs.Received, request => Assert.DoesNotContain(Tenant.Id.ToString("n"), Encoding.UTF8.GetString(request.Body), StringComparison.Ordinal));
        Assert.DoesNotContain(await Service.ListAsync(other.Admin, default), row => row.Settings.Url == _receiver.Url);
        var mine = (await Service.ListAsync(Tenant.Admin, default))[0].Id;
        Assert.Equal(Domain.RefusalKind.NotFound, (await Service.RemoveAsync(other.Admin, mine, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task Run_FailingForAnHour_IsSaidOnceAndSoIsItsEnd()
    {
        await Tenant.AddPersonAsync(Process.Services, "ada@example.test", "a long enough password");
        await AddAsync();
        await GrowAsync(3);
        _receiver.Default = Replies.Json("", 500);
        for (var minutes = 0; minutes < 150; minutes += 5) await RunAsync(TimeSpan.FromMinutes(5));
        var row = await RowAsync();
        Assert.InRange(row.NextAttemptAt!.Value - Clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromMinutes(15));
        Assert.Contains("500", row.Error, StringComparison.Ordinal);
        var failed = Assert.Single(await EventsAsync(), entry => entry.Action == "integration.failed");
        Assert.Equal((AuditCategory.Configuration, AuditSeverity.Warning), (failed.Row.Category, failed.Row.Severity));
        await Get<WorkQueue>().RunAsync(default);
        Assert.Single(MailFolder.Of(Database).All(), mail => mail.To == "ada@example.test");

        _receiver.Default = Replies.Json("ok");
        await RunAsync(TimeSpan.FromMinutes(15));
        Assert.Single(await EventsAsync(), entry => entry.Action == "integration.recovered");
        Assert.Null((await RowAsync()).AlertedAt);
    }

    [Fact]
    public async Task Run_WhatAPersonDid_TellsNeitherWhoNorFromWhere()
    {
        var ada = await Tenant.AddPersonAsync(Process.Services, "ada@example.test", "a long enough password");
        var actor = Tenant.Acting(ada) with { IpAddress = "203.0.113.9", UserAgent = "Browser of Ada" };
        await AddAsync();
        (await Get<TeamService>().CreateAsync(actor, "Research", null, default)).Required();
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        await RunAsync();
        var sent = string.Concat(_receiver.Received.Select(request => Encoding.UTF8.GetString(request.Body)));
        Assert.Contains("team.created", sent, StringComparison.Ordinal);
        foreach (var secret in new[] { ada.Id.ToString("n"), ada.Id.ToString(), "ada@", "203.0.113.9", "Browser" })
            Assert.DoesNotContain(secret, sent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Add_AndEveryOtherChange_IsAuditedAndKeepsTheSecret()
    {
        var created = await AddAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await Service.SendTestAsync(Tenant.Admin, created.Id, default)).Required();
        Clock.Advance(TimeSpan.FromSeconds(1));
        _receiver.Enqueue(Replies.Json("", 401));
        Assert.Contains("401", (await Service.SendTestAsync(Tenant.Admin, created.Id, default)).Refusal!.Message, StringComparison.Ordinal);
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await Service.RemoveAsync(Tenant.Admin, created.Id, default)).Required();
        Assert.Empty(await RowsAsync<AuditWebhook>());

        var events = (await EventsAsync()).Where(entry => entry.Action.StartsWith("integration.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["integration.created", "integration.tested", "integration.tested", "integration.removed"], events.Select(entry => entry.Action));
        Assert.Equal([AuditOutcome.Success, AuditOutcome.Success, AuditOutcome.Failure, AuditOutcome.Success], events.Select(entry => entry.Outcome));
        Assert.All(events, entry => Assert.DoesNotContain(created.Secret["whsec_".Length..], entry.Payload, StringComparison.Ordinal));
        var test = JsonDocument.Parse(_receiver.Received[0].Body).RootElement[0];
        Assert.False(test.GetProperty("metadata").TryGetProperty("sequence", out _));
    }

    [Theory]
    [InlineData("http://siem.example.org/in")]
    [InlineData("https://siem.example.org/in?token=1")]
    [InlineData("not an address")]
    public async Task Add_AddressThatIsNotSafe_IsRefused(string url) =>
        Assert.Equal("Url", (await Service.AddAsync(Tenant.Admin, Draft with { Url = url }, default)).Refusal?.Field);

    [Fact]
    public async Task Add_NameThatIsTaken_IsRefused()
    {
        await AddAsync();
        Assert.Equal("Name", (await Service.AddAsync(Tenant.Admin, Draft, default)).Refusal?.Field);
    }

    private AuditWebhookDraft Draft => new("SIEM", _receiver.Url + "/events", Enabled: true, AuditSeverity.Info, []);

    private async Task<CreatedAuditWebhook> AddAsync(AuditWebhookDraft? draft = null)
    {
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
        return (await Service.AddAsync(Tenant.Admin, draft ?? Draft, default)).Required();
    }

    private async Task GrowAsync(int events)
    {
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        for (var i = 0; i < events; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Get<AuditTrail>().Record(db, Tenant.Admin, "team.renamed", "team", $"team_{i}", new { i });
        }

        await db.SaveChangesAsync();
        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
    }

    private Task RunAsync(TimeSpan after = default)
    {
        Clock.Advance(after);
        return Get<AuditWebhookJob>().RunAsync(default);
    }

    private async Task<AuditWebhook> RowAsync() => Assert.Single(await RowsAsync<AuditWebhook>());

    private async Task<long> SizeAsync() => (await RowsAsync<AuditEntry>()).Count(entry => entry.OrganizationId == Tenant.Id);

    private List<List<JsonElement>> Batches() => [.. _receiver.Received.Select(request => JsonDocument.Parse(request.Body).RootElement.EnumerateArray().ToList())];

    private static long Sequence(JsonElement entry) => entry.GetProperty("metadata").GetProperty("sequence").GetInt64();

    /// <summary>The batches from one on hold consecutive indices.</summary>
    private void AssertNoGap(int from)
    {
        var sequences = Batches().Skip(from).SelectMany(batch => batch.Select(Sequence)).ToList();
        Assert.Equal(Enumerable.Range((int)sequences[0], sequences.Count).Select(index => (long)index), sequences);
    }
}
