using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Tests.Proxy;

/// <summary>What holds for every wire format: bytes pass as they are, tokens and cost are the provider's own, and nobody gets away without paying.</summary>
public sealed class EveryFormatTests(EveryFormatTests.Fixture proxy) : IClassFixture<EveryFormatTests.Fixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Formats => [.. FormatSample.All.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Stream_InAnyPieces_PassesByteForByteAndIsBookedAlike(string format)
    {
        var sample = FormatSample.All[format];
        var random = new Random(format.Length);
        for (var split = 0; split < TestScale.Cases(12, 500); split++)
        {
            proxy.Upstream.Enqueue(Stream(sample, Pieces(sample.Bytes, random)));
            using var response = await SendAsync(sample);

            Assert.Equal(sample.Bytes, await response.Content.ReadAsByteArrayAsync(Cancellation));
            var row = (await proxy.BookedAsync(response)).Row;
            Assert.Equal((CallOutcome.Succeeded, Provenance.Reported), (row.Outcome!.Outcome, row.Provenance!.Value));
            Assert.Equal((60L, 40L, 30L, sample.CostNano), (row.Usage.Input, row.Usage.CachedInput, row.Usage.Output, row.Cost.NanoUsd));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Stream_CutAfterAnyFrame_HasOneOutcomeAndIsNotFree(string format)
    {
        var sample = FormatSample.All[format];
        for (var kept = 0; kept < sample.Frames.Length; kept++)
        {
            // The connection is cut only after the caller has what was sent: cutting it earlier can take bytes back that were on their way.
            var gate = new Gate();
            var passed = sample.Frames.Take(kept).SelectMany(frame => frame).ToArray();
            proxy.Upstream.Enqueue(async exchange =>
            {
                await Stream(sample, sample.Frames.Take(kept))(exchange);
                if (kept == 0) await exchange.StartAsync();
                else await gate.PassAsync(exchange);
                exchange.Abort();
            });
            using var request = Request(sample, "");
            using var response = await proxy.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
            var received = new byte[response.IsSuccessStatusCode ? passed.Length : 0];
            await stream.ReadExactlyAsync(received, Cancellation);
            gate.Open();
            using var rest = new MemoryStream();
            await stream.CopyToAsync(rest, Cancellation);

            var row = (await proxy.BookedAsync(response)).Row;
            var entry = Assert.Single(row.Entries);
            Assert.True(entry.CostNanoUsd > 0, $"Cut after {kept} frames it was free.");
            Assert.True(entry.Outcome is CallOutcome.ProviderCut or CallOutcome.Succeeded, $"After {kept} frames it is {entry.Outcome}.");

            // What the caller was sent begins as the provider's stream does; the end says what happened, unless all had arrived.
            if (response.IsSuccessStatusCode) Assert.Equal(passed, received);
            else Assert.Equal(502, (int)response.StatusCode);
            Assert.Equal(entry.Outcome == CallOutcome.Succeeded, response.IsSuccessStatusCode && rest.Length == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Stream_CallerGoneAfterAnyFrame_IsReadToItsEndAndChargedAsReported(string format)
    {
        var sample = FormatSample.All[format];
        for (var seen = 1; seen < sample.Frames.Length; seen++)
        {
            var gate = new Gate();
            var sent = sample.Frames.Take(seen).Sum(frame => frame.Length);
            proxy.Upstream.Enqueue(async exchange =>
            {
                await Stream(sample, sample.Frames.Take(seen))(exchange);
                await gate.PassAsync(exchange);
                foreach (var frame in sample.Frames.Skip(seen)) await exchange.SendAsync(frame);
            });
            var before = proxy.HangUps.Count;
            var callId = await HangUpAfterAsync(sample, sent);
            await Eventually.TrueAsync(() => proxy.HangUps.Count > before, "the server noticed that the caller is gone");
            gate.Open();

            var row = (await proxy.BookedAsync(callId)).Row;
            var entry = Assert.Single(row.Entries);
            Assert.Equal((CallOutcome.CallerGone, Provenance.Reported, sample.CostNano), (entry.Outcome, entry.Provenance, entry.CostNanoUsd));
        }
    }

    [Theory]
    [InlineData("chat", "x-request-id", "openai-processing-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-tokens", "retry-after-ms")]
    [InlineData("azure", "apim-request-id", "x-ratelimit-reset-tokens", "retry-after")]
    [InlineData("anthropic", "request-id", "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-output-tokens-reset")]
    [InlineData("converse", "x-amzn-requestid", "x-amzn-errortype")]
    public async Task Error_HeadersOfTheProvider_PassUntouched(string format, params string[] names)
    {
        var sample = FormatSample.All[format];
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Slow down"), 429, [.. names.Select(name => (name, $"of {name}")), ("set-cookie", "a=b"), ("server", "provider")]));
        using var response = await SendAsync(sample);

        Assert.All(names, name => Assert.Equal($"of {name}", response.Headers.NonValidated[name].ToString()));
        Assert.False(response.Headers.Contains("set-cookie"));
    }

    [Fact]
    public async Task Error_GeminiThatSaysInItsBodyHowLongToWait_CarriesRetryAfter()
    {
        proxy.Upstream.Enqueue(Replies.Json(
            """{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""", 429));
        using var response = await SendAsync(FormatSample.All["gemini"]);

        Assert.Equal("35", response.Headers.NonValidated["Retry-After"].ToString());
    }

    /// <summary>Reads so many bytes of an answer, and hangs up.</summary>
    private async Task<Guid> HangUpAfterAsync(FormatSample sample, int length)
    {
        using var caller = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        caller.DefaultRequestHeaders.Authorization = proxy.Caller.DefaultRequestHeaders.Authorization;
        using var request = Request(sample, proxy.Server.Url);
        using var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        await stream.ReadExactlyAsync(new byte[length], Cancellation);
        return ProxyFixture.CallId(response);
    }

    private async Task<HttpResponseMessage> SendAsync(FormatSample sample)
    {
        using var request = Request(sample, "");
        return await proxy.Caller.SendAsync(request, Cancellation);
    }

    private static HttpRequestMessage Request(FormatSample sample, string url) =>
        new(HttpMethod.Post, $"{url}/proxy/{sample.Path}") { Content = ProxyFixture.Json(sample.Body) };

    private static UpstreamScript Stream(FormatSample sample, IEnumerable<byte[]> pieces) => async exchange =>
    {
        exchange.Head(200, sample.MediaType);
        foreach (var piece in pieces) await exchange.SendAsync(piece);
    };

    /// <summary>Borders fall anywhere: within a character, a field, a frame's length.</summary>
    private static IEnumerable<byte[]> Pieces(byte[] bytes, Random random)
    {
        var most = random.Next(1, 120);
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, most + 1), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    /// <summary>One stub stands in for every provider.</summary>
    public class Fixture : ProxyFixture
    {
        protected override Dictionary<string, string?> Settings => new(
            new[] { "Anthropic", "Gemini", "AzureOpenAI", "Bedrock" }
                .SelectMany(provider => new[] { KeyValuePair.Create($"Providers:{provider}:BaseUrl", (string?)Upstream.Url), new($"Providers:{provider}:ApiKey", StubUpstream.ApiKey) }));
    }
}
