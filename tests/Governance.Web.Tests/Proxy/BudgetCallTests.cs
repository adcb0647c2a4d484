using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Identity;

namespace Governance.Web.Tests.Proxy;

/// <summary>A call that a hard budget cannot pay for never reaches its provider, and its caller is told so in the provider's own words.</summary>
public sealed class BudgetCallTests(BudgetCallTests.Fixture proxy) : IClassFixture<BudgetCallTests.Fixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("chat", "error.code", "budget_exceeded")]
    [InlineData("responses", "error.code", "budget_exceeded")]
    [InlineData("azure", "error.code", "budget_exceeded")]
    [InlineData("anthropic", "error.type", "rate_limit_error")]
    [InlineData("gemini", "error.status", "RESOURCE_EXHAUSTED")]
    [InlineData("converse", "message", null)]
    public async Task Call_BudgetTooSmall_IsRefusedInTheProvidersShapeAndNotSent(string format, string path, string? expected)
    {
        var key = await NewKeyAsync();
        using var caller = proxy.Server.NewClient(key.Secret);
        await SetAsync(key, limitNano: 1_000);
        var sample = FormatSample.All[format];
        var sent = proxy.Upstream.Received.Count;

        using var response = await caller.PostAsync($"/proxy/{sample.Path}", ProxyFixture.Json(sample.Body), Cancellation);

        Assert.Equal(429, (int)response.StatusCode);
        var error = path.Split('.').Aggregate(await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation), (element, name) => element.GetProperty(name));
        if (expected is not null) Assert.Equal(expected, error.GetString());
        Assert.Equal(sent, proxy.Upstream.Received.Count);
        var row = (await proxy.BookedAsync(response)).Row;
        Assert.Equal((CallOutcome.Refused, "budget_exceeded", 0L), (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Cost.NanoUsd));
        Assert.Equal((0L, 0L), await StateAsync(key));
    }

    [Fact]
    public async Task Call_UntilTheMoneyIsGone_PassesAsOftenAsItCanPay()
    {
        // gpt-5-mini: 0.25 and 2 dollars a million. The prompt's 12 bytes are some tokens; 100 tokens of answer cost 200,000 nano-dollars at most.
        var key = await NewKeyAsync();
        using var caller = proxy.Server.NewClient(key.Secret);
        await SetAsync(key, limitNano: 500_000);
        for (var passed = 0; passed < 3; passed++)
        {
            proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 10, completion: 50))); // 2,500 + 100,000
            using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ""","max_completion_tokens":100"""), Cancellation);
            Assert.True(response.IsSuccessStatusCode);
            await proxy.BookedAsync(response);
            Assert.Equal(((passed + 1) * 102_500L, 0L), await StateAsync(key));
        }

        using var refused = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ""","max_completion_tokens":100"""), Cancellation);
        Assert.Equal(429, (int)refused.StatusCode);
        var message = (await ProxyFixture.ErrorAsync(refused)).GetProperty("message").GetString();
        Assert.Contains("the key's daily budget of $0.0005 has $0.0001925 left", message, StringComparison.Ordinal);

        // What costs less still passes; several answers at once do not.
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 10, completion: 5)));
        using var smaller = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ""","max_completion_tokens":20"""), Cancellation);
        Assert.True(smaller.IsSuccessStatusCode);
        await proxy.BookedAsync(smaller);
        using var several = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ""","max_completion_tokens":20,"n":8"""), Cancellation);
        Assert.Equal(429, (int)several.StatusCode);
    }

    [Fact]
    public async Task Call_UnderWay_HoldsItsCeilingUntilItEnds()
    {
        var key = await NewKeyAsync();
        using var caller = proxy.Server.NewClient(key.Secret);
        await SetAsync(key, limitNano: 1_000_000);
        var gate = new Gate();
        proxy.Upstream.Enqueue(async exchange =>
        {
            await gate.PassAsync(exchange);
            await Replies.Json(Replies.Completion(prompt: 10, completion: 5))(exchange);
        });
        var calling = caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ""","max_completion_tokens":100"""), Cancellation);
        await Eventually.TrueAsync(async () => await StateAsync(key) is (0, > 200_000 and < 210_000), "the ceiling is held");
        gate.Open();
        using var response = await calling;
        await proxy.BookedAsync(response);
        Assert.Equal((12_500L, 0L), await StateAsync(key));
    }

    [Fact]
    public async Task SetBudget_UnknownScope_IsRefusedWithAReason()
    {
        using var response = await proxy.Admin.PutAsJsonAsync($"/api/v1/budgets/key/key_{Guid.CreateVersion7():n}/day", new { limitNanoUsd = 1 }, Cancellation);
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Contains("There is no such key", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveBudget_Set_LiftsTheLimit()
    {
        var key = await NewKeyAsync();
        using var caller = proxy.Server.NewClient(key.Secret);
        var id = await SetAsync(key, limitNano: 0);
        using (var refused = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation)) Assert.Equal(429, (int)refused.StatusCode);
        using (var removed = await proxy.Admin.DeleteAsync($"/api/v1/budgets/{id}", Cancellation)) Assert.Equal(204, (int)removed.StatusCode);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion()));
        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
        Assert.True(response.IsSuccessStatusCode);
    }

    private async Task<CreatedKey> NewKeyAsync() => (await proxy.Server.Get<KeyService>().CreateAsync(proxy.Tenant.Admin,
        new NewVirtualKey(proxy.Tenant.Application.Id, $"Key {Guid.CreateVersion7():n}", "production", "internal") { Scopes = [.. ProxyApis.All.Select(api => api.Name)] }, Cancellation)).Required();

    private async Task<string> SetAsync(CreatedKey key, long limitNano)
    {
        using var response = await proxy.Admin.PutAsJsonAsync($"/api/v1/budgets/key/key_{key.Id:n}/day", new { limitNanoUsd = limitNano }, Cancellation);
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("budgetId").GetString()!;
    }

    private async Task<(long Spent, long Held)> StateAsync(CreatedKey key)
    {
        var list = await proxy.Admin.GetFromJsonAsync<JsonElement>("/api/v1/budgets", Cancellation);
        var budget = list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("scopeId").GetString() == $"key_{key.Id:n}");
        return (budget.GetProperty("spentNanoUsd").GetInt64(), budget.GetProperty("heldNanoUsd").GetInt64());
    }

    public sealed class Fixture : EveryFormatTests.Fixture
    {
        public HttpClient Admin { get; private set; } = null!;

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            Admin = Server.NewClient((await Server.Get<ServiceAccountService>().CreateAsync(
                Tenant.Admin, new NewServiceAccount("Budgets") { Scopes = [Permissions.BudgetsRead, Permissions.BudgetsWrite] }, CancellationToken.None)).Required().Secret);
        }
    }
}
