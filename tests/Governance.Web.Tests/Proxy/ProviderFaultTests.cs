using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Tests.Proxy;

public sealed class ProviderFaultTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ProviderAnswersAnError_ItIsRelayedByteForByte()
    {
        var error = Replies.Error("Slow down", "requests", "rate_limit_exceeded");
        proxy.Upstream.Enqueue(Replies.Json(error, 429, ("retry-after", "7"), ("retry-after-ms", "6500")));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal(error, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("7", response.Headers.GetValues("retry-after").Single());
        await AssertBookedAsync(response, CallOutcome.ProviderError, "rate_limit_exceeded", free: true);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", 502, CallOutcome.ProviderError, "provider_error")]
    [InlineData("", 500, CallOutcome.ProviderError, "provider_error")]
    [InlineData("<html>Sign in to the Wi-Fi</html>", 200, CallOutcome.ProviderGarbage, "provider_invalid_response")]
    [InlineData("""{"choices":[""", 200, CallOutcome.ProviderGarbage, "provider_invalid_response")]
    public async Task Call_ProviderAnswersGarbage_TheCallerGetsAnErrorInOpenAisShape(string body, int status, CallOutcome outcome, string code)
    {
        proxy.Upstream.Enqueue(Replies.Json(body, status));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal(code, (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
        await AssertBookedAsync(response, outcome, code, free: true);
    }

    [Fact]
    public async Task Call_ProviderAnswersTooMuch_IsGarbage()
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(content: new string('x', 70_000))));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        await AssertBookedAsync(response, CallOutcome.ProviderGarbage, "provider_invalid_response", free: true);
    }

    [Fact]
    public async Task Call_ProviderHangsUpWithoutAnswer_IsCutAndNotFree()
    {
        proxy.Upstream.Enqueue(Replies.HangUp);

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        await AssertBookedAsync(response, CallOutcome.ProviderCut, "provider_stream_cut", free: false);
    }

    [Fact]
    public async Task Call_ProviderIsDown_IsUnreachableAndFree()
    {
        await using var server = await GovernanceServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Providers:OpenAI:BaseUrl"] = "http://127.0.0.1:9/v1",
            ["Providers:OpenAI:ApiKey"] = "x",
            ["Proxy:Resilience:Attempts"] = "1",
        });
        var tenant = await server.AddTenantAsync();
        using var caller = server.NewClient(tenant.Key.Secret);

        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal("provider_unreachable", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
        var booked = await Eventually.SomeAsync(
            async () => await server.Get<RequestQueries>().FindAsync(tenant.Admin, ProxyFixture.CallId(response), Cancellation) is { Row.IsOpen: false } row ? row : null,
            "the call was booked");
        Assert.Equal((CallOutcome.ProviderUnreachable, 0L, 1), (booked.Row.Outcome!.Outcome, booked.Row.Cost.NanoUsd, booked.Attempts.Count));
    }

    [Fact]
    public async Task Stream_CutBeforeTheFirstEvent_AnswersAStatus()
    {
        proxy.Upstream.Enqueue(Replies.CutStream("data: {\"id\""));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal("provider_stream_cut", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
        await AssertBookedAsync(response, CallOutcome.ProviderCut, "provider_stream_cut", free: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_CutInTheMiddle_EndsWithAnErrorEventAndIsEstimated(bool abruptly)
    {
        var (gate, first) = (new Gate(), Replies.Chunk(new string('x', 40)));
        proxy.Upstream.Enqueue(async exchange =>
        {
            await Replies.Stream(abruptly ? [first, "data: {\"cho"] : [first])(exchange);
            await gate.PassAsync(exchange);
            if (abruptly) exchange.Abort();
        });

        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path) { Content = ProxyFixture.Body(stream: true) };
        using var response = await proxy.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(first.TrimEnd(), await reader.ReadLineAsync(Cancellation));
        gate.Open();

        Assert.Contains("\"code\":\"provider_stream_cut\"", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        var row = (await proxy.BookedAsync(response)).Row;
        Assert.Equal((CallOutcome.ProviderCut, Provenance.Estimated, 10L), (row.Outcome!.Outcome, row.Provenance!.Value, row.Usage.Output));
    }

    [Fact]
    public async Task Stream_ErrorInside_IsRelayedAndRecorded()
    {
        var error = Replies.Event(Replies.Error("overloaded", "server_error", "server_overloaded"));
        proxy.Upstream.Enqueue(Replies.Stream(Replies.Chunk("Hello"), error));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);

        Assert.EndsWith(error, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var outcome = (await proxy.BookedAsync(response)).Row.Outcome!;
        Assert.Equal((CallOutcome.ProviderError, "server_overloaded"), (outcome.Outcome, outcome.ErrorCode));
    }

    [Theory]
    [InlineData("this is no stream at all\n\nreally not\n\n")]
    [InlineData("data: {not json}\n\ndata: neither\n\n")]
    public async Task Stream_Garbage_AnswersAStatus(string text)
    {
        proxy.Upstream.Enqueue(Replies.Stream(text));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal(CallOutcome.ProviderGarbage, (await proxy.BookedAsync(response)).Row.Outcome!.Outcome);
    }

    [Fact]
    public async Task Stream_EventThatNeverEnds_IsGarbage()
    {
        proxy.Upstream.Enqueue(Replies.Stream(Enumerable.Repeat(new string('x', 8000), 12).Prepend("data: ")));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal(CallOutcome.ProviderGarbage, (await proxy.BookedAsync(response)).Row.Outcome!.Outcome);
    }

    private async Task AssertBookedAsync(HttpResponseMessage response, CallOutcome outcome, string code, bool free)
    {
        var (row, attempts) = (await proxy.BookedAsync(response)) is var detail ? (detail.Row, detail.Attempts) : default;
        Assert.Equal((outcome, code, (int?)response.StatusCode), (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Outcome.Status));
        Assert.Equal(free, row.Cost.NanoUsd == 0);
        Assert.Equal(free ? Provenance.Reported : Provenance.Estimated, row.Provenance);
        Assert.Single(attempts);
    }
}
