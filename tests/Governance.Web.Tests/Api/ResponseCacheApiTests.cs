using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Web.Tests.Proxy;

namespace Governance.Web.Tests.Api;

public sealed class ResponseCacheApiTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => $"/api/v1/response-cache/{proxy.Tenant.Application.Id}";

    [Fact]
    public async Task Cache_SwitchedOnUsedAndOff_ShowsInRequestsAndCosts()
    {
        using var api = await ApiAsync(Permissions.ProvidersRead, Permissions.ProvidersManage, Permissions.RequestsRead, Permissions.CostsRead);
        using (var on = await api.PutAsJsonAsync(Path, new { seconds = 600 }, Cancellation)) Assert.Equal(HttpStatusCode.NoContent, on.StatusCode);
        Assert.Equal(600, Assert.Single(await ItemsAsync(api, "/api/v1/response-cache")).GetProperty("seconds").GetInt32());
        for (var call = 0; call < 2; call++)
        {
            using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
            await proxy.BookedAsync(response);
        }

        var hit = Assert.Single(await ItemsAsync(api, "/api/v1/requests?outcome=cached"));
        Assert.Equal(("succeeded", 0L, 13_000L), (hit.GetProperty("outcome").GetString(), hit.GetProperty("costNanoUsd").GetInt64(), hit.GetProperty("savedNanoUsd").GetInt64()));
        var sum = Assert.Single(await ItemsAsync(api, "/api/v1/costs?by=application"));
        Assert.Equal((2L, 13_000L, 1L, 13_000L), (sum.GetProperty("requests").GetInt64(), sum.GetProperty("costNanoUsd").GetInt64(), sum.GetProperty("cacheHits").GetInt64(), sum.GetProperty("savedNanoUsd").GetInt64()));

        using (var off = await api.DeleteAsync(Path, Cancellation)) Assert.Equal(HttpStatusCode.NoContent, off.StatusCode);
        Assert.Equal(JsonValueKind.Null, Assert.Single(await ItemsAsync(api, "/api/v1/response-cache")).GetProperty("seconds").ValueKind);
    }

    [Fact]
    public async Task Set_WhatCannotBe_SaysWhatIsWrong()
    {
        using var api = await ApiAsync(Permissions.ProvidersManage);
        using (var tooLong = await api.PutAsJsonAsync(Path, new { seconds = 90_000 }, Cancellation))
            Assert.StartsWith("'seconds'", (await tooLong.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var unknown = await api.PutAsJsonAsync($"/api/v1/response-cache/{Guid.Empty}", new { seconds = 60 }, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var reader = await ApiAsync(Permissions.ProvidersRead);
        using var refused = await reader.PutAsJsonAsync(Path, new { seconds = 60 }, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task<List<JsonElement>> ItemsAsync(HttpClient api, string path) =>
        [.. (await api.GetFromJsonAsync<JsonElement>(path, Cancellation)).GetProperty("items").EnumerateArray()];

    private async Task<HttpClient> ApiAsync(params string[] scopes) => proxy.Server.NewClient((await proxy.Server.Get<ServiceAccountService>()
        .CreateAsync(proxy.Tenant.Admin, new NewServiceAccount("Cache") { Scopes = [.. scopes] }, Cancellation)).Required().Secret);
}
