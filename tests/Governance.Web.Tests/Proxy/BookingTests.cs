using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Tests.Proxy;

public sealed class BookingTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithUserAndTags_IsBookedWithEveryFact()
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 1000, completion: 200, cached: 400, reasoning: 50)));
        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path)
        {
            Content = ProxyFixture.Body(extra: ""","user":"ann@customer.example","max_completion_tokens":300"""),
        };
        request.Headers.Add("x-governance-tags", "Feature=search, cost-centre = 4711");

        using var response = await proxy.Caller.SendAsync(request, Cancellation);
        var booked = await proxy.BookedAsync(response);
        var row = await proxy.Api.GetFromJsonAsync<JsonElement>($"/api/v1/requests/{response.Headers.GetValues("x-governance-request-id").Single()}", Cancellation);

        // gpt-5-mini: 0.25 / 0.025 cached / 2 dollars a million: 600 × 250 + 400 × 25 + 200 × 2000 nano-dollars.
        Assert.Equal(600 * 250 + 400 * 25 + 200 * 2000, row.GetProperty("costNanoUsd").GetInt64());
        Assert.Equal((600, 400, 200, 50), (Number(row, "inputTokens"), Number(row, "cachedInputTokens"), Number(row, "outputTokens"), Number(row, "reasoningTokens")));
        Assert.Equal(("gpt-5-mini", "gpt-5-mini-2025-08-07"), (Text(row, "requestedModel"), Text(row, "actualModel")));
        Assert.Equal(("production", "internal", "openai", "openai"), (Text(row, "environment"), Text(row, "dataClass"), Text(row, "provider"), Text(row, "connection")));
        Assert.Equal(("standard", "proxy", "reported", "succeeded"), (Text(row, "serviceTier"), Text(row, "source"), Text(row, "provenance"), Text(row, "outcome")));
        Assert.Equal(("search", "4711"), (Text(row.GetProperty("tags"), "feature"), Text(row.GetProperty("tags"), "cost-centre")));
        Assert.Equal(200, Number(row, "status"));
        Assert.StartsWith("price_", Text(row, "priceVersion"), StringComparison.Ordinal);
        Assert.Equal(proxy.Tenant.Application.Id, row.GetProperty("applicationId").GetGuid());
        Assert.Equal(proxy.Tenant.Application.TeamId, row.GetProperty("teamId").GetGuid());
        Assert.Equal(1, row.GetProperty("attempts").GetArrayLength());
        Assert.True(Number(row, "latencyMs") >= Number(row, "timeToFirstByteMs"));
        Assert.Equal(booked.Row.Cost, booked.Breakdown!.Total);

        var subject = await proxy.Server.Get<SubjectDirectory>().FindAsync(proxy.Tenant.Id, "ann@customer.example", Cancellation);
        Assert.Equal(subject, row.GetProperty("subjectId").GetGuid());
        Assert.DoesNotContain("ann@customer", row.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flex", ServiceTier.Flex, 0.5)]
    [InlineData("priority", ServiceTier.Priority, 2)]
    [InlineData("default", ServiceTier.Standard, 1)]
    public async Task Call_ServedInATier_IsPricedAtThatTier(string reported, ServiceTier tier, double factor)
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 1000, completion: 100, serviceTier: reported)));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        var row = (await proxy.BookedAsync(response)).Row;
        Assert.Equal((tier, (long)((1000 * 250 + 100 * 2000) * factor)), (row.Outcome!.ServiceTier, row.Cost.NanoUsd));
    }

    [Fact]
    public async Task Calls_Concurrent_EachIsBookedOnceAndTheSumIsRight()
    {
        var calls = TestScale.Cases(80, 2000);
        var (application, key) = await proxy.Tenant.AddApplicationAsync(proxy.Server.Services, "Concurrent", "Platform");
        using var caller = proxy.Server.NewClient(key.Secret);

        await Parallel.ForEachAsync(Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (_, token) =>
        {
            using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), token);
            response.EnsureSuccessStatusCode();
        });

        var filter = new CostFilter(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)) { ApplicationId = application.Id };
        await Eventually.TrueAsync(
            async () => (await proxy.Server.Get<CostQueries>().TotalAsync(proxy.Tenant.Admin, filter, Cancellation)).Requests == calls, "every call was booked");
        var total = await proxy.Server.Get<CostQueries>().TotalAsync(proxy.Tenant.Admin, filter, Cancellation);
        Assert.Equal(calls * (12L * 250 + 5 * 2000), total.CostNanoUsd);
    }

    [Fact]
    public async Task Call_Secrets_AppearInNoLogAndNotInTheDatabase()
    {
        const string prompt = "MARKER-PROMPT-7f3a";
        using var response = await proxy.Caller.PostAsync(
            ProxyFixture.Path, ProxyFixture.Json($$"""{"model":"gpt-5-mini","user":"MARKER-USER-7f3a","messages":[{"role":"user","content":"{{prompt}}"}]}"""), Cancellation);
        await proxy.ToldAsync(response);

        var logs = string.Join("\n", proxy.Server.Logs.Entries.Select(entry => entry.Message + entry.Exception));
        var rows = await TableText.OfAsync(proxy.Server, Cancellation);
        foreach (var secret in new[] { prompt, "MARKER-USER-7f3a", proxy.Tenant.Key.Secret, StubUpstream.ApiKey })
        {
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, rows, StringComparison.Ordinal);
        }
    }

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
