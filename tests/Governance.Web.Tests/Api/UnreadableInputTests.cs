using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Web.Tests.Proxy;

namespace Governance.Web.Tests.Api;

/// <summary>What cannot be read is answered with problem details that name the part, and nothing is set from what was left out or misspelt.</summary>
public sealed class UnreadableInputTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private const string Json = "application/json";
    private const string Budget = "/api/v1/budgets/organization/{organization}/day";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PUT", Budget, Json, "{}", 400, "'$.limitNanoUsd': it is missing")]
    [InlineData("PUT", Budget, Json, """{"limitNanoUsd":1,"hrad":false}""", 400, "'$.hrad'")]
    [InlineData("PUT", Budget, Json, """{"limitNanoUsd":1,"limitNanoUsd":2}""", 400, "'$.limitNanoUsd'")]
    [InlineData("PUT", Budget, Json, """{"limitNanoUsd":1.5}""", 400, "'$.limitNanoUsd'")]
    [InlineData("PUT", Budget, Json, "{bad", 400, "it is no JSON")]
    [InlineData("PUT", Budget, Json, "", 400, "")]
    [InlineData("PUT", Budget, Json, "null", 400, "'body'")]
    [InlineData("PUT", Budget, Json, """{"limitNanoUsd":-1}""", 400, "'limitNanoUsd'")]
    [InlineData("PUT", Budget, "text/plain", """{"limitNanoUsd":1}""", 415, "application/json")]
    [InlineData("PUT", Budget, null, """{"limitNanoUsd":1}""", 415, "application/json")]
    [InlineData("PUT", Budget, Json + "; charset=foo", """{"limitNanoUsd":1}""", 415, "application/json")]
    [InlineData("PATCH", "/api/v1/budgets", Json, "{}", 405, "GET")]
    [InlineData("GET", "/api/v1/budgets/budget_1", null, null, 405, "DELETE")]
    [InlineData("GET", "/api/v1/nothing", null, null, 404, "There is nothing at /api/v1/nothing")]
    [InlineData("GET", "/api/v1/requests?limit=abc", null, null, 400, "'limit'")]
    [InlineData("GET", "/api/v1/requests?limit=99999999999", null, null, 400, "'limit'")]
    [InlineData("GET", "/api/v1/requests?to=0001-01-01T00:00:00Z", null, null, 400, "'to'")]
    [InlineData("PUT", "/api/v1/routes/openai", Json, """{"targets":[]}""", 400, "'model'")]
    [InlineData("POST", "/api/v1/dead-letters/retry", Json, "{}", 400, "'ids'")]
    [InlineData("POST", "/api/v1/dead-letters/discard", Json, """{"reason":"No use"}""", 400, "'ids'")]
    [InlineData("POST", "/api/v1/dead-letters/discard", Json, """{"id":["work_0193b2a0000070008000000000000000"],"reason":"No use"}""", 400, "'$.id'")]
    public async Task Ask_WhatCannotBeRead_IsToldWhichPartIsWrong(string method, string path, string? contentType, string? body, int status, string detail)
    {
        using var api = await ApiAsync(
            Permissions.BudgetsRead, Permissions.BudgetsWrite, Permissions.RequestsRead, Permissions.ProvidersManage, Permissions.DeadLettersRead, Permissions.DeadLettersManage);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{organization}", proxy.Tenant.Id.ToString(), StringComparison.Ordinal));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await api.SendAsync(request, Cancellation);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(detail, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        if (status == 405) Assert.Contains(detail, response.Content.Headers.Allow);
        Assert.Empty((await api.GetFromJsonAsync<JsonElement>("/api/v1/budgets", Cancellation)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Set_TokenThatMayNotRead_SaysNothingOfWhatThereIs()
    {
        using var api = await ApiAsync(Permissions.BudgetsWrite, Permissions.LimitsWrite);
        using var limit = await api.PutAsync("/api/v1/limits/team/default", ProxyFixture.Json("""{"requestsPerMinute":1000000}"""), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, limit.StatusCode);
        using var budget = await api.PutAsync($"/api/v1/budgets/team/{proxy.Tenant.Application.TeamId}/total", ProxyFixture.Json("""{"limitNanoUsd":1000000000000}"""), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, budget.StatusCode);
        using var owner = await ApiAsync(Permissions.BudgetsRead, Permissions.BudgetsWrite);
        var set = Assert.Single((await owner.GetFromJsonAsync<JsonElement>("/api/v1/budgets", Cancellation)).GetProperty("items").EnumerateArray());
        using var removed = await owner.DeleteAsync($"/api/v1/budgets/{set.GetProperty("budgetId").GetString()}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    private async Task<HttpClient> ApiAsync(params string[] scopes) => proxy.Server.NewClient((await proxy.Server.Get<ServiceAccountService>()
        .CreateAsync(proxy.Tenant.Admin, new NewServiceAccount($"Input {Guid.CreateVersion7():n}") { Scopes = [.. scopes] }, Cancellation)).Required().Secret);
}
