using System.Text;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Tests.Proxy;

public sealed class RelayTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plain_AnyFormatting_IsRelayedByteForByte()
    {
        var body = Encoding.UTF8.GetBytes("\r\n { \"model\" : \"gpt-5-mini\",\n\t\"choices\":[ {\"message\":{\"content\":\"Grüße \\u00e9 🌍\"}} ] , \"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2} }\n\n");
        proxy.Upstream.Enqueue(Replies.Bytes(body));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(CallOutcome.Succeeded, (await proxy.BookedAsync(response)).Row.Outcome!.Outcome);
    }

    [Fact]
    public async Task Plain_RequestBody_ReachesTheProviderUnchangedUnderItsOwnKey()
    {
        const string body = "{ \"model\":\"gpt-5-mini\",   \"messages\":[], \"seed\": 7 }";

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Json(body), Cancellation);

        var received = proxy.Upstream.Received[^1];
        Assert.Equal(body, received.Text);
        Assert.Equal("/v1/chat/completions", received.Path);
        Assert.Equal($"Bearer {StubUpstream.ApiKey}", received.Headers["Authorization"]);
    }

    [Fact]
    public async Task Plain_TraceOfTheCaller_StaysHere()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path) { Content = ProxyFixture.Body() };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("baggage", "customer=42");

        using var response = await proxy.Caller.SendAsync(request, Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.DoesNotContain(proxy.Upstream.Received[^1].Headers.Keys, name => name.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage" or "request-id" or "correlation-context");
    }

    [Fact]
    public async Task Plain_ProviderHeaders_ThoseThatMatterPassAndOthersDoNot()
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(), headers:
            [("x-ratelimit-remaining-tokens", "149"), ("x-request-id", "req_provider"), ("openai-processing-ms", "12"), ("set-cookie", "a=b")]));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal("149", response.Headers.GetValues("x-ratelimit-remaining-tokens").Single());
        Assert.Equal("12", response.Headers.GetValues("openai-processing-ms").Single());
        Assert.False(response.Headers.Contains("set-cookie"));
        Assert.Equal("req_provider", (await proxy.BookedAsync(response)).Attempts.Single().ProviderRequestId);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Stream_SplitAnywhere_IsRelayedByteForByte(string newline)
    {
        var stream = (": keep-alive\n\n" + Replies.Chunk("Grüße ") + Replies.Chunk("🌍") + "event: x\nid: 3\n" + Replies.Chunk("!")
            + Replies.UsageChunk(prompt: 40, completion: 9, cached: 8) + Replies.Done).Replace("\n", newline, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(stream);
        var random = new Random(5);
        for (var round = 0; round < TestScale.Cases(25, 1000); round++)
        {
            var cuts = Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(bytes.Length)).Append(0).Append(bytes.Length).Distinct().Order().ToList();
            proxy.Upstream.Enqueue(async exchange =>
            {
                exchange.Head(200, "text/event-stream");
                foreach (var (from, to) in cuts.Zip(cuts.Skip(1))) await exchange.SendAsync(bytes.AsMemory(from, to - from));
            });

            using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true, includeUsage: true), Cancellation);

            Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync(Cancellation));
            var row = (await proxy.BookedAsync(response)).Row;
            Assert.Equal((32, 8, 9, Provenance.Reported), (row.Usage.Input, row.Usage.CachedInput, row.Usage.Output, row.Provenance!.Value));
        }
    }

    [Fact]
    public async Task Stream_UsageNotAskedFor_IsAskedForAndWithheld()
    {
        var shown = Replies.Chunk("Hello") + Replies.Chunk(" there");
        proxy.Upstream.Enqueue(Replies.Stream(shown, Replies.UsageChunk(prompt: 11, completion: 2) + Replies.Done));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);

        Assert.Equal(shown + Replies.Done, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains("\"stream_options\":{\"include_usage\":true}", proxy.Upstream.Received[^1].Text, StringComparison.Ordinal);
        var row = (await proxy.BookedAsync(response)).Row;
        Assert.Equal((11, 2, Provenance.Reported), (row.Usage.Input, row.Usage.Output, row.Provenance!.Value));
    }

    [Fact]
    public async Task Stream_EachEvent_ArrivesBeforeTheNextIsSent()
    {
        var gate = new Gate();
        proxy.Upstream.Enqueue(Replies.GatedStream(gate, [Replies.Chunk("first")], [Replies.UsageChunk(), Replies.Done]));

        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path) { Content = ProxyFixture.Body(stream: true) };
        using var response = await proxy.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Contains("first", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);

        gate.Open();
        Assert.Contains("[DONE]", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_NoUsageAtAll_IsEstimatedAndSaysSo()
    {
        proxy.Upstream.Enqueue(Replies.Stream(Replies.Chunk(new string('x', 400)), Replies.Done));

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);

        await response.Content.ReadAsByteArrayAsync(Cancellation);
        var row = (await proxy.BookedAsync(response)).Row;
        Assert.Equal((100, Provenance.Estimated, true), (row.Usage.Output, row.Provenance!.Value, row.Cost.NanoUsd > 0));
    }
}
