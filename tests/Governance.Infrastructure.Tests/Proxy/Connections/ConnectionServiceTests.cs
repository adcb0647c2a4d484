using System.Text;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Resilience;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy.Connections;

public sealed class ConnectionServiceTests : ConnectionTestBase
{
    [Theory]
    [InlineData("Name", "openai", "https://a.example.org")]
    [InlineData("Name", "sandbox", "https://a.example.org")]
    [InlineData("Name", "OpenAI-EU", "https://a.example.org")]
    [InlineData("Name", "-eu", "https://a.example.org")]
    [InlineData("Name", "", "https://a.example.org")]
    [InlineData("Name", "openai-compatible", "https://a.example.org")]
    [InlineData("BaseUrl", "eu", "http://a.example.org")]
    [InlineData("BaseUrl", "eu", "https://a.example.org/v1?key=1")]
    [InlineData("BaseUrl", "eu", "https://ada:secret@a.example.org")]
    [InlineData("BaseUrl", "eu", "https://169.254.169.254/latest")]
    [InlineData("BaseUrl", "eu", "https://[fe80::1]/v1")]
    [InlineData("BaseUrl", "eu", "a.example.org")]
    public async Task Create_WhatBreaksARule_IsRefused(string field, string name, string url) =>
        Assert.Equal(field, (await Service.CreateAsync(Tenant.Admin, Draft with { Name = name, BaseUrl = url }, default)).Refusal?.Field);

    [Fact]
    public async Task Create_CredentialThatCannotBe_IsRefused()
    {
        Assert.Equal("Secret", (await Service.CreateAsync(Tenant.Admin, Draft with { Secret = " " }, default)).Refusal?.Field);
        Assert.Equal("Secret", (await Service.CreateAsync(Tenant.Admin, Draft with { Secret = "two words" }, default)).Refusal?.Field);
        Assert.Equal("AccessKeyId", (await Service.CreateAsync(Tenant.Admin, Draft with { AccessKeyId = "AKIAIOSFODNN7EXAMPLE" }, default)).Refusal?.Field);
        Assert.Equal("Kind", (await Service.CreateAsync(Tenant.Admin, Draft with { Kind = "carrier-pigeon" }, default)).Refusal?.Field);
        var many = Enumerable.Range(0, 101).ToDictionary(i => $"deployment-{i}", _ => "gpt-5-mini");
        Assert.Equal("Aliases", (await Service.CreateAsync(Tenant.Admin, Draft with { Aliases = many }, default)).Refusal?.Field);
        Assert.Equal("Aliases", (await Service.CreateAsync(Tenant.Admin, Draft with { Aliases = new Dictionary<string, string> { ["line"] = "" } }, default)).Refusal?.Field);
        Assert.Empty(await RowsAsync<Connection>());
    }

    [Fact]
    public async Task Create_NameThatIsTaken_IsRefusedHereAndFreeElsewhere()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        await CreateAsync();
        Assert.Equal("Name", (await Service.CreateAsync(Tenant.Admin, Draft, default)).Refusal?.Field);
        (await Service.CreateAsync(other.Admin, Draft, default)).Required();
    }

    [Fact]
    public async Task EveryCommand_OnAnotherOrganizationsConnection_FindsNone()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        var id = await CreateAsync(approved: false);
        Refusal?[] refusals =
        [
            (await Service.ChangeAsync(other.Admin, id, Draft, default)).Refusal, (await Service.ApproveAsync(other.Admin, id, default)).Refusal,
            (await Service.WithdrawAsync(other.Admin, id, default)).Refusal, (await Service.MakeDefaultAsync(other.Admin, id, default)).Refusal,
            (await Service.DeleteAsync(other.Admin, id, default)).Refusal, (await Service.TestAsync(other.Admin, id, default)).Refusal,
        ];
        Assert.All(refusals, refusal => Assert.Equal(RefusalKind.NotFound, refusal?.Kind));
        Assert.DoesNotContain(await Get<ConnectionQueries>().ListAsync(other.Admin, default, default), row => row.Id == id);
    }

    [Fact]
    public async Task Create_SqliteFileAndAuditLog_HoldNoSecret()
    {
        var id = await CreateAsync(approved: false);
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await Service.ApproveAsync(Tenant.Admin, id, default)).Required();
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await Service.ChangeAsync(Tenant.Admin, id, Draft with { Secret = Secret + "-new", Region = "eu" }, default)).Required();
        Clock.Advance(TimeSpan.FromSeconds(1));
        (await Service.DeleteAsync(Tenant.Admin, id, default)).Required();
        var events = (await EventsAsync()).Where(entry => entry.Action.StartsWith("connection.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["connection.created", "connection.approved", "connection.changed", "connection.deleted"], events.Select(entry => entry.Action));
        Assert.All(events, entry => Assert.Equal(AuditCategory.Configuration, entry.Row.Category));
        Assert.All(events, entry => Assert.DoesNotContain(Secret, entry.Payload, StringComparison.Ordinal));
        Assert.Contains("\"before\"", events[2].Payload, StringComparison.Ordinal);
        if (Database.Provider != DatabaseProvider.Sqlite) return;
        foreach (var file in Directory.GetFiles(Database.Folder, "governance.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            Assert.True(copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) < 0, $"{Path.GetFileName(file)} holds the key in clear.");
        }
    }

    [Fact]
    public void Draft_Written_TellsNoSecret() => Assert.DoesNotContain(Secret, Draft.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task Change_AnotherHost_NeedsTheKeyAgainAndLosesTheApproval()
    {
        var id = await CreateAsync();
        var moved = Draft with { BaseUrl = "https://elsewhere.example.org/v1", Secret = null };
        Assert.Equal("Secret", (await Service.ChangeAsync(Tenant.Admin, id, moved, default)).Refusal?.Field);
        Assert.Equal("https://eu.api.openai.com/v1", (await CalledAsync("openai-eu"))!.BaseUrl);

        (await Service.ChangeAsync(Tenant.Admin, id, moved with { Secret = "sk-other" }, default)).Required();
        var called = (await CalledAsync("openai-eu"))!;
        Assert.Equal(("https://elsewhere.example.org/v1", "sk-other", false), (called.BaseUrl, called.Credential.Secret, called.Approved));
    }

    [Fact]
    public async Task Change_AnotherPathWithoutAKey_KeepsKeyNameKindAndApproval()
    {
        var id = await CreateAsync();
        var draft = new ConnectionDraft("renamed", "openai-compatible", "https://eu.api.openai.com/v2") { Aliases = new Dictionary<string, string> { ["mini"] = "gpt-5-mini" } };
        (await Service.ChangeAsync(Tenant.Admin, id, draft, default)).Required();
        var called = (await CalledAsync("openai-eu"))!;
        Assert.Equal(("https://eu.api.openai.com/v2", Secret, true, "openai"), (called.BaseUrl, called.Credential.Secret, called.Approved, called.Kind.Id));
        Assert.Equal("gpt-5-mini", called.Aliases["mini"]);
    }

    [Fact]
    public async Task Approve_FirstOfAKind_BecomesTheDefaultAndTheSecondDoesNot()
    {
        var first = await CreateAsync();
        var second = await CreateAsync(Draft with { Name = "openai-us" });
        Assert.Equal(("openai", (string?)null), ((await RowAsync(first)).DefaultOf, (await RowAsync(second)).DefaultOf));
        Assert.Equal(RefusalKind.Conflict, (await Service.ApproveAsync(Tenant.Admin, first, default)).Refusal?.Kind);

        (await Service.MakeDefaultAsync(Tenant.Admin, second, default)).Required();
        Assert.Equal(((string?)null, "openai"), ((await RowAsync(first)).DefaultOf, (await RowAsync(second)).DefaultOf));
        Assert.Equal("openai-us", (await CalledAsync("openai"))!.Name);
    }

    [Fact]
    public async Task MakeDefault_WhatIsNotApprovedOrHasNoBase_IsRefused()
    {
        var waiting = await CreateAsync(approved: false);
        var compatible = await CreateAsync(Draft with { Name = "vllm", Kind = "openai-compatible" });
        Assert.Equal(RefusalKind.Conflict, (await Service.MakeDefaultAsync(Tenant.Admin, waiting, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Service.MakeDefaultAsync(Tenant.Admin, compatible, default)).Refusal?.Kind);
        Assert.Null((await RowAsync(compatible)).DefaultOf);
    }

    [Fact]
    public async Task Withdraw_TheDefault_StaysTheDefaultSoThatItsCallsAreRefused()
    {
        var id = await CreateAsync();
        (await Service.WithdrawAsync(Tenant.Admin, id, default)).Required();
        var called = (await CalledAsync("openai"))!;
        Assert.Equal(("openai-eu", false), (called.Name, called.Approved));
    }

    [Fact]
    public async Task Delete_WhereARouteLeads_IsRefusedUntilItDoesNot()
    {
        var id = await CreateAsync();
        var route = (await Get<RouteService>().SetAsync(Tenant.Admin, new RouteDraft("openai", "fast", [new RouteTarget("openai-eu")], true), default)).Required();
        var refusal = (await Service.DeleteAsync(Tenant.Admin, id, default)).Refusal;
        Assert.Equal(RefusalKind.Conflict, refusal?.Kind);
        Assert.Contains("fast", refusal!.Message, StringComparison.Ordinal);
        (await Get<RouteService>().DeleteAsync(Tenant.Admin, route.Id, default)).Required();
        (await Service.DeleteAsync(Tenant.Admin, id, default)).Required();
    }

    [Fact]
    public async Task Delete_TheDefault_LeavesTheKindToTheOperator()
    {
        var id = await CreateAsync();
        (await Service.DeleteAsync(Tenant.Admin, id, default)).Required();
        Assert.Null(await CalledAsync("openai"));
        Assert.Null(await CalledAsync("openai-eu"));
    }
}
