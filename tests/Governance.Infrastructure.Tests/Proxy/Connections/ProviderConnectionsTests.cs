using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Proxy.Connections;

public sealed class ProviderConnectionsTests : ConnectionTestBase
{
    private static readonly Dictionary<string, string?> Operators = new()
    {
        ["Providers:OpenAI:BaseUrl"] = "https://api.openai.com/v1/",
        ["Providers:OpenAI:ApiKey"] = "sk-operator",
        ["Providers:OpenAI:Region"] = "",
        ["Providers:Sandbox:Enabled"] = "true",
    };

    protected override Task<ProductProcess> NewProcessAsync() => new ProductProcess(Database, settings: Operators).StartAsync();

    [Fact]
    public async Task Find_ByKind_PrefersTheOrganizationsDefaultToTheOperators()
    {
        var operators = (await CalledAsync("openai"))!;
        Assert.Equal(("openai", "https://api.openai.com/v1", "sk-operator", (string?)null), (operators.Name, operators.BaseUrl, operators.Credential.Secret, operators.Region));

        var id = await CreateAsync(approved: false);
        Assert.Equal("sk-operator", (await CalledAsync("openai"))!.Credential.Secret);
        (await Service.ApproveAsync(Tenant.Admin, id, default)).Required();
        Assert.Equal(("openai-eu", Secret), ((await CalledAsync("openai"))!.Name, (await CalledAsync("openai"))!.Credential.Secret));
        (await Service.DeleteAsync(Tenant.Admin, id, default)).Required();
        Assert.Equal("sk-operator", (await CalledAsync("openai"))!.Credential.Secret);
    }

    [Fact]
    public async Task Find_AnotherOrganizationsConnection_IsNotThere()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        await CreateAsync();
        Assert.NotNull(await CalledAsync("openai-eu"));
        Assert.Null(await CalledAsync("openai-eu", other.Id));
        Assert.Equal("sk-operator", (await CalledAsync("openai", other.Id))!.Credential.Secret);
    }

    [Fact]
    public async Task Find_AfterEveryChange_IsReadAnewHereAndWithinSecondsElsewhere()
    {
        var id = await CreateAsync();
        await using var second = await new ProductProcess(Database, Clock, Operators).StartAsync();
        async Task<bool> ElsewhereAsync() => (await second.Get<ProviderConnections>().FindAsync(Tenant.Id, null, "openai-eu", default))!.Approved;
        Assert.True(await ElsewhereAsync());

        (await Service.WithdrawAsync(Tenant.Admin, id, default)).Required();
        Assert.False((await CalledAsync("openai-eu"))!.Approved);
        Assert.True(await ElsewhereAsync());
        Clock.Advance(ConnectionDirectory.Freshness);
        Assert.False(await ElsewhereAsync());
    }

    [Fact]
    public async Task Find_SecretOfAnotherRow_DoesNotOpen()
    {
        var first = await CreateAsync();
        var second = await CreateAsync(Draft with { Name = "openai-us", Secret = "sk-of-the-other" });
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            var stolen = (await RowAsync(first)).WrappedSecret;
            await db.Connections.Where(row => row.Id == second).ExecuteUpdateAsync(set => set.SetProperty(row => row.WrappedSecret, stolen));
        }

        Clock.Advance(ConnectionDirectory.Freshness);
        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => CalledAsync("openai-us"));
        Assert.Equal(Secret, (await CalledAsync("openai-eu"))!.Credential.Secret);
    }

    [Fact]
    public async Task List_OwnOperatorsAndSandbox_TellsWhoIsTheDefault()
    {
        var before = await Get<ConnectionQueries>().ListAsync(Tenant.Admin, default, default);
        Assert.Equal([("openai", ConnectionSource.Operator, 1), ("sandbox", ConnectionSource.Sandbox, before[1].DefaultOf.Count)], before.Select(row => (row.Name, row.Source, row.DefaultOf.Count)));
        Assert.DoesNotContain(before[1].DefaultOf, kind => kind.Id == "openai");

        await CreateAsync();
        var after = await Get<ConnectionQueries>().ListAsync(Tenant.Admin, default, default);
        Assert.Equal([("openai-eu", 1), ("openai", 0), ("sandbox", before[1].DefaultOf.Count)], after.Select(row => (row.Name, row.DefaultOf.Count)));
    }

    [Fact]
    public void Validate_SeveralMistakes_NamesEveryKeyAtOnce()
    {
        var options = new ProviderOptions
        {
            OpenAI = { BaseUrl = "not a url", ApiKey = "x" },
            Anthropic = { BaseUrl = "https://api.anthropic.com" },
            Gemini = { ApiKey = "x", AccessKeyId = "AKIAIOSFODNN7EXAMPLE" },
            Bedrock = { AccessKeyId = "AKIAIOSFODNN7EXAMPLE" },
        };
        var result = new ProviderOptionsValidator().Validate(null, options);
        string[] keys = ["Providers:OpenAI:BaseUrl", "Providers:Anthropic:ApiKey", "Providers:Gemini:BaseUrl", "Providers:Gemini:AccessKeyId", "Providers:Bedrock:ApiKey"];
        Assert.All(keys, key => Assert.Contains(result.Failures!, failure => failure.Contains(key, StringComparison.Ordinal)));
        Assert.Equal(5, result.Failures!.Count());
        Assert.Equal(ValidateOptionsResult.Success, new ProviderOptionsValidator().Validate(null, new ProviderOptions()));
    }
}
