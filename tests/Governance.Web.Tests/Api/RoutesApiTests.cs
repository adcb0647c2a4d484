using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity;
using Governance.Web.Tests.Proxy;

namespace Governance.Web.Tests.Api;

public sealed class RoutesApiTests(ResilienceFixture proxy) : IClassFixture<ResilienceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Routes_SetFollowedChangedAndDeleted_AreAudited()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var api = await ApiAsync(caller, Permissions.ProvidersRead, Permissions.ProvidersManage, Permissions.RequestsRead);
        var set = await SetAsync(api, "openai/fast", """{"targets":[{"connection":"first","model":"gpt-5-mini","weight":3},{"connection":"second","model":"gpt-5","priority":2}]}""");
        Assert.Equal(("openai", "fast", true), (set.GetProperty("kind").GetString(), set.GetProperty("model").GetString(), set.GetProperty("enabled").GetBoolean()));
        Assert.Equal(
            [("first", "gpt-5-mini", 1, 3), ("second", "gpt-5", 2, 1)],
            set.GetProperty("targets").EnumerateArray().Select(target => (
                target.GetProperty("connection").GetString(), target.GetProperty("model").GetString(), target.GetProperty("priority").GetInt32(), target.GetProperty("weight").GetInt32())));

        using (var call = await caller.CallAsync(ProxyFixture.Path, "fast"))
        {
            Assert.Equal(200, (int)call.StatusCode);
            await caller.BookedAsync(call);
            var request = await api.GetFromJsonAsync<JsonElement>($"/api/v1/requests/{call.Headers.GetValues("x-governance-request-id").Single()}", Cancellation);
            var attempt = Assert.Single(request.GetProperty("attempts").EnumerateArray());
            Assert.Equal(("first", "gpt-5-mini"), (attempt.GetProperty("connection").GetString(), attempt.GetProperty("model").GetString()));
        }

        await SetAsync(api, "openai/fast", """{"targets":[{"connection":"second"}],"enabled":false}""");
        var listed = Assert.Single(await ListAsync(api));
        var id = listed.GetProperty("routeId").GetString();
        Assert.Equal((set.GetProperty("routeId").GetString(), false), (id, listed.GetProperty("enabled").GetBoolean()));
        using (var deleted = await api.DeleteAsync($"/api/v1/routes/{id}", Cancellation)) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using (var again = await api.DeleteAsync($"/api/v1/routes/{id}", Cancellation)) Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Empty(await ListAsync(api));
        var actions = (await caller.RowsAsync<AuditEvent>()).Select(row => row.Action).Where(action => action.StartsWith("route.", StringComparison.Ordinal));
        Assert.Equal(["route.changed", "route.created", "route.deleted"], actions.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("meta-llama/Llama-3.1-8B")]
    [InlineData("meta-llama%2FLlama-3.1-8B")]
    public async Task Set_ModelWithASlash_IsThatModel(string path)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var api = await ApiAsync(caller, Permissions.ProvidersRead, Permissions.ProvidersManage);
        var set = await SetAsync(api, $"openai/{path}", """{"targets":[{"connection":"first"}]}""");
        Assert.Equal("meta-llama/Llama-3.1-8B", set.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Set_ManyAtOnce_LeaveOneRoute()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var api = await ApiAsync(caller, Permissions.ProvidersRead, Permissions.ProvidersManage);
        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(weight => api.PutAsync("/api/v1/routes/openai/fast", ProxyFixture.Json($$"""{"targets":[{"connection":"first","weight":{{weight}}}]}"""), Cancellation)));
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Single(await ListAsync(api));
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory]
    [InlineData("planet/fast", """{"targets":[{"connection":"first"}]}""", "kind")]
    [InlineData("openai/a*b", """{"targets":[{"connection":"first"}]}""", "model")]
    [InlineData("openai/fast", "{}", "$.targets")]
    [InlineData("openai/fast", """{"targets":[null]}""", "targets")]
    [InlineData("openai/fast", """{"targets":[{"connection":"nowhere"}]}""", "targets")]
    [InlineData("openai/fast", """{"targets":[{"connection":"first","weight":0}]}""", "targets")]
    public async Task Set_WhatCannotBe_SaysWhatIsWrong(string path, string body, string parameter)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var api = await ApiAsync(caller, Permissions.ProvidersManage);
        using var response = await api.PutAsync($"/api/v1/routes/{path}", ProxyFixture.Json(body), Cancellation);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((400, "invalid_parameter"), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains($"'{parameter}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_TokenThatMayOnlyRead_SetsNoneAndOfOthersNoneIsSeen()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var other = await proxy.NewCallerAsync(Cancellation);
        using var api = await ApiAsync(caller, Permissions.ProvidersRead);
        using var others = await ApiAsync(other, Permissions.ProvidersRead, Permissions.ProvidersManage);
        var set = await SetAsync(others, "openai/fast", """{"targets":[{"connection":"first"}]}""");
        using var refused = await api.PutAsync("/api/v1/routes/openai/fast", ProxyFixture.Json("""{"targets":[{"connection":"first"}]}"""), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty(await ListAsync(api));

        using var manages = await ApiAsync(caller, Permissions.ProvidersManage);
        using var unknown = await manages.DeleteAsync($"/api/v1/routes/{set.GetProperty("routeId").GetString()}", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Single(await ListAsync(others));
    }

    private static async Task<JsonElement> SetAsync(HttpClient api, string path, string body)
    {
        using var response = await api.PutAsync($"/api/v1/routes/{path}", ProxyFixture.Json(body), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static async Task<List<JsonElement>> ListAsync(HttpClient api) =>
        [.. (await api.GetFromJsonAsync<JsonElement>("/api/v1/routes", Cancellation)).GetProperty("items").EnumerateArray()];

    private async Task<HttpClient> ApiAsync(ResilienceCaller caller, params string[] scopes) => proxy.Server.NewClient((await proxy.Server.Get<ServiceAccountService>()
        .CreateAsync(caller.Tenant.Admin, new NewServiceAccount("Routes") { Scopes = [.. scopes] }, Cancellation)).Required().Secret);
}
