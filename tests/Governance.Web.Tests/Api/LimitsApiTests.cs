using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Web.Tests.Proxy;

namespace Governance.Web.Tests.Api;

public sealed class LimitsApiTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_SetListedChangedAndDeleted_SayWhatIsUsed()
    {
        using var api = await ApiAsync(Permissions.LimitsRead, Permissions.LimitsWrite);
        var target = proxy.Tenant.Key.Id.ToString("n");
        using (var set = await api.PutAsJsonAsync($"/api/v1/limits/key/{target}", new { requestsPerMinute = 100, tokensPerMinute = 1_000_000 }, Cancellation))
        {
            var resource = await set.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.Equal((200, "key", "Key", 100L), ((int)set.StatusCode, resource.GetProperty("scope").GetString(), resource.GetProperty("name").GetString(), resource.GetProperty("requests").GetProperty("limit").GetInt64()));
            Assert.Equal(JsonValueKind.Null, resource.GetProperty("concurrent").ValueKind);
        }

        using (var call = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation)) Assert.True(call.IsSuccessStatusCode);
        var listed = Assert.Single((await api.GetFromJsonAsync<JsonElement>("/api/v1/limits", Cancellation)).GetProperty("items").EnumerateArray());
        Assert.Equal((1L, 1), (listed.GetProperty("requests").GetProperty("used").GetInt64(), listed.GetProperty("active").GetInt32()));

        var id = listed.GetProperty("limitId").GetString();
        using (var deleted = await api.DeleteAsync($"/api/v1/limits/{id}", Cancellation)) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using (var again = await api.DeleteAsync($"/api/v1/limits/{id}", Cancellation)) Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Empty((await api.GetFromJsonAsync<JsonElement>("/api/v1/limits", Cancellation)).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("planet/default", """{"requestsPerMinute":1}""", "scope")]
    [InlineData("key/key_0193b2a0000070008000000000000000", """{"requestsPerMinute":1}""", "target")]
    [InlineData("team/default", "{}", "requestsPerMinute")]
    [InlineData("address/nowhere", """{"concurrentRequests":1}""", "target")]
    public async Task Set_WhatCannotBe_SaysWhatIsWrong(string path, string body, string parameter)
    {
        using var api = await ApiAsync(Permissions.LimitsRead, Permissions.LimitsWrite);
        using var response = await api.PutAsync($"/api/v1/limits/{path}", ProxyFixture.Json(body), Cancellation);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((400, "invalid_parameter"), ((int)response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains($"'{parameter}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_TokenThatMayOnlyRead_SetsNone()
    {
        using var api = await ApiAsync(Permissions.LimitsRead);
        using var response = await api.PutAsync("/api/v1/limits/key/default", ProxyFixture.Json("""{"requestsPerMinute":1}"""), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private async Task<HttpClient> ApiAsync(params string[] scopes) => proxy.Server.NewClient((await proxy.Server.Get<ServiceAccountService>()
        .CreateAsync(proxy.Tenant.Admin, new NewServiceAccount("Limits") { Scopes = [.. scopes] }, Cancellation)).Required().Secret);
}
