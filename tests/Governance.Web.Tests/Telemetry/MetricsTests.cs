using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Identity;
using Governance.Web.Tests.Proxy;

namespace Governance.Web.Tests.Telemetry;

public sealed class MetricsTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AfterCalls_EqualTheLedgersSums()
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 1000, completion: 200, cached: 400, reasoning: 50)));
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 30, completion: 7)));
        foreach (var body in new[] { ProxyFixture.Body(), ProxyFixture.Body(), ProxyFixture.Body(model: "gvk_a-key-where-a-model-belongs") })
        {
            using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, body, Cancellation);
            await proxy.ToldAsync(response);
        }

        var total = await proxy.Server.Get<CostQueries>().TotalAsync(proxy.Tenant.Admin, new CostFilter(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)), Cancellation);
        var metrics = await ReadAsync(proxy.Tenant);

        const string tokens = "gen_ai_client_inference_usage_";
        Assert.Equal(total.Requests, metrics.Sum("governance_calls_total"));
        Assert.Equal(total.CostNanoUsd, metrics.Sum("governance_cost_nano_usd_total"));
        Assert.Equal(total.PromptTokens, metrics.Sum(tokens + "input_tokens_total"));
        Assert.Equal(total.CachedTokens, metrics.Sum(tokens + "cache_read_input_tokens_total"));
        Assert.Equal(total.OutputTokens, metrics.Sum(tokens + "output_tokens_total"));
        Assert.Equal(50, metrics.Sum(tokens + "reasoning_output_tokens_total"));
        Assert.Equal(total.PromptTokens, metrics.Sum("gen_ai_client_token_usage_sum", "gen_ai_token_type", "input"));
        Assert.Equal(total.OutputTokens, metrics.Sum("gen_ai_client_token_usage_sum", "gen_ai_token_type", "output"));
        Assert.Equal(1, metrics.Sum("governance_refusals_total"));
        Assert.Equal(total.Requests - 1, metrics.Sum("gen_ai_client_operation_duration_seconds_count"));
        Assert.Equal(total.Requests - 1, metrics.Sum("governance_calls_total", "gen_ai_request_model", "gpt-5-mini"));
        Assert.Equal(1, metrics.Sum("governance_calls_total", "gen_ai_request_model", "other"));
        Assert.All(new[] { "governance_ledger_queue_length", "governance_spill_length_bytes", "governance_audit_backlog", "http_server_request_duration_seconds_count" }, name => Assert.True(metrics.Has(name), name));
        Assert.DoesNotContain(metrics.LabelValues, value => value.Contains("gvk_", StringComparison.Ordinal) || value.Contains("How are you", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_OfAnotherOrganization_AreNotSeen()
    {
        var other = await proxy.Server.AddTenantAsync();
        using var caller = proxy.Server.NewClient(other.Key.Secret);
        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
        await Eventually.TrueAsync(async () => (await ReadAsync(other)).Sum("governance_calls_total") == 1, "the other organisation's call was counted");

        Assert.DoesNotContain(other.Id.ToString(), (await ReadAsync(proxy.Tenant)).LabelValues);
        Assert.DoesNotContain(proxy.Tenant.Id.ToString(), (await ReadAsync(other)).LabelValues);
    }

    [Fact]
    public async Task Metrics_WithoutTheRightToReadThem_AreClosed()
    {
        using var anonymous = await proxy.Server.Client.GetAsync("/metrics", Cancellation);
        using var unscoped = await proxy.Api.GetAsync("/metrics", Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (anonymous.StatusCode, unscoped.StatusCode));
    }

    [Fact]
    public async Task Metrics_AnonymousFromLoopback_NeedTheOptionAndNoProxyBetween()
    {
        await using var server = await GovernanceServer.StartAsync(settings: new Dictionary<string, string?> { ["Telemetry:Metrics:AllowAnonymousFromLoopback"] = "true" });
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        forwarded.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var local = await server.Client.GetAsync("/metrics", Cancellation);
        using var remote = await server.Client.SendAsync(forwarded, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (local.StatusCode, remote.StatusCode));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", local.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Call_Settled_IsOneLineOfTheLogAndOneSpan()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Governance",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 11, completion: 3)));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
        var line = await proxy.ToldAsync(response);

        var id = PublicId.Format(PublicId.Request, ProxyFixture.CallId(response));
        Assert.Contains("openai gpt-5-mini: Succeeded, status 200", line.Message, StringComparison.Ordinal);
        Assert.Contains($"11 tokens in, 3 out, {11 * 250 + 3 * 2000} nano-dollars", line.Message, StringComparison.Ordinal);
        var span = Assert.Single(spans, span => span.GetTagItem("governance.request.id") as string == id);
        Assert.Equal("chat gpt-5-mini", span.DisplayName);
        Assert.Equal(("openai", "gpt-5-mini-2025-08-07", 11L), (span.GetTagItem("gen_ai.provider.name"), span.GetTagItem("gen_ai.response.model"), span.GetTagItem("gen_ai.usage.input_tokens")));
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("How are you", StringComparison.Ordinal));
    }

    private async Task<PrometheusLines> ReadAsync(Tenant tenant)
    {
        var account = (await proxy.Server.Get<ServiceAccountService>().CreateAsync(
            tenant.Admin, new NewServiceAccount(Guid.CreateVersion7().ToString("n")) { Scopes = [Permissions.MetricsRead] }, Cancellation)).Required();
        using var client = proxy.Server.NewClient(account.Secret);
        return PrometheusLines.Parse(await client.GetStringAsync("/metrics", Cancellation));
    }
}
