using System.Text;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Tests.Proxy;

/// <summary>Bedrock's own formats through the proxy, called with the key itself.</summary>
public sealed class BedrockRelayTests(BedrockFixture bedrock) : IClassFixture<BedrockFixture>
{
    private const string Model = "/proxy/bedrock/model/amazon.nova-pro-v1%3A0";

    private static readonly byte[] Start = Event("messageStart", """{"role":"assistant"}""");
    private static readonly byte[] Delta = Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hello, how are you?!"},"p":"abcd"}""");
    private static readonly byte[] Stop = Event("messageStop", """{"stopReason":"end_turn"}""");
    private static readonly byte[] Metadata = Event("metadata", """{"usage":{"inputTokens":600,"outputTokens":200,"totalTokens":1200,"cacheReadInputTokens":400},"metrics":{"latencyMs":1}}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Converse_Answer_IsRelayedAndBooked()
    {
        bedrock.Upstream.Enqueue(Replies.Json(BedrockFixture.Answer(input: 600, output: 200, cached: 400), 200, ("x-amzn-RequestId", "r-1")));
        using var response = await PostAsync(BedrockFixture.Converse);

        Assert.Equal(BedrockFixture.Answer(600, 200, 400), await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("r-1", response.Headers.GetValues("x-amzn-RequestId").Single());
        Assert.Equal("/sandbox/bedrock/model/amazon.nova-pro-v1%3A0/converse", bedrock.Upstream.Received[^1].Target);
        await AssertBookedAsync(response);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task ConverseStream_InAnyPieces_IsRelayedByteForByteAndBooked(int pieceLength)
    {
        byte[] stream = [.. Start, .. Delta, .. Stop, .. Metadata];
        bedrock.Upstream.Enqueue(Stream(stream.Chunk(pieceLength)));
        using var response = await PostAsync(Model + "/converse-stream");

        Assert.Equal(AwsEventStream.MediaType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(stream, await response.Content.ReadAsByteArrayAsync(Cancellation));
        await AssertBookedAsync(response);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConverseStream_Cut_EndsWithAnExceptionAndIsEstimated(bool insideAMessage)
    {
        bedrock.Upstream.Enqueue(Stream(insideAMessage ? [[.. Start, .. Delta], Stop[..^3]] : [[.. Start, .. Delta]]));
        using var response = await PostAsync(Model + "/converse-stream");

        var received = await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal(Start.Concat(Delta), received[..(Start.Length + Delta.Length)]);
        Assert.Equal("modelStreamErrorException", Name(received.AsSpan(Start.Length + Delta.Length)));
        var row = await bedrock.BookedAsync(response);
        Assert.Equal((CallOutcome.ProviderCut, Provenance.Estimated, 5L), (row.Outcome!.Outcome, row.Provenance!.Value, row.Usage.Output));
    }

    [Fact]
    public async Task ConverseStream_ChangedOnTheWay_EndsWithAnException()
    {
        var broken = Stop.ToArray();
        broken[^1] ^= 1;
        bedrock.Upstream.Enqueue(Stream([Start, Delta, broken, Metadata]));
        using var response = await PostAsync(Model + "/converse-stream");

        await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal(CallOutcome.ProviderCut, (await bedrock.BookedAsync(response)).Outcome!.Outcome);
    }

    [Fact]
    public async Task ConverseStream_ExceptionInside_IsRelayedAndBooked()
    {
        var exception = AwsEventStream.Write("""{"message":"slow"}"""u8, (":message-type", "exception"), (":exception-type", "throttlingException"));
        bedrock.Upstream.Enqueue(Stream([Start, exception]));
        using var response = await PostAsync(Model + "/converse-stream");

        Assert.Equal(Start.Concat(exception), await response.Content.ReadAsByteArrayAsync(Cancellation));
        var row = await bedrock.BookedAsync(response);
        Assert.Equal((CallOutcome.ProviderError, "throttlingException"), (row.Outcome!.Outcome, row.Outcome.ErrorCode));
    }

    [Fact]
    public async Task Invoke_Answer_IsMeteredByItsHeaders()
    {
        const string answer = """{"output":{"message":{"content":[{"text":"Well"}]}}}""";
        bedrock.Upstream.Enqueue(Replies.Json(
            answer, 200, ("X-Amzn-Bedrock-Input-Token-Count", "600"), ("X-Amzn-Bedrock-Output-Token-Count", "200"), ("X-Amzn-Bedrock-Cache-Read-Input-Token-Count", "400")));
        using var response = await PostAsync(Model + "/invoke");

        Assert.Equal(answer, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("600", response.Headers.GetValues("X-Amzn-Bedrock-Input-Token-Count").Single());
        await AssertBookedAsync(response);
    }

    [Fact]
    public async Task InvokeStream_Answer_IsMeteredByTheLastChunk()
    {
        byte[][] stream =
        [
            Chunk("""{"contentBlockDelta":{"delta":{"text":"Well"}}}"""),
            Chunk("""{"metadata":{},"amazon-bedrock-invocationMetrics":{"inputTokenCount":600,"outputTokenCount":200,"cacheReadInputTokenCount":400}}"""),
        ];
        bedrock.Upstream.Enqueue(Stream(stream));
        using var response = await PostAsync(Model + "/invoke-with-response-stream");

        Assert.Equal(stream.SelectMany(bytes => bytes), await response.Content.ReadAsByteArrayAsync(Cancellation));
        await AssertBookedAsync(response);
    }

    [Fact]
    public async Task Converse_ProvidersError_IsRelayedWithItsType()
    {
        bedrock.Upstream.Enqueue(Replies.Json("""{"message":"slow"}""", 429, ("x-amzn-ErrorType", "ThrottlingException:http://internal.amazon.com/")));
        using var response = await PostAsync(BedrockFixture.Converse);

        Assert.Equal((429, """{"message":"slow"}"""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("ThrottlingException:http://internal.amazon.com/", response.Headers.GetValues("x-amzn-ErrorType").Single());
        var row = await bedrock.BookedAsync(response);
        Assert.Equal((CallOutcome.ProviderError, "ThrottlingException", 0L), (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Cost.NanoUsd));
    }

    [Theory]
    [InlineData("/proxy/bedrock/model/no.such-model/converse", "ValidationException", 400)]
    [InlineData("/proxy/bedrock/guardrail/x/version/1/apply", "ResourceNotFoundException", 404)]
    public async Task Call_Refused_IsInBedrocksShape(string path, string type, int status)
    {
        using var response = await PostAsync(path);
        Assert.Equal((status, type), ((int)response.StatusCode, response.Headers.GetValues("x-amzn-ErrorType").Single()));
    }

    private async Task<HttpResponseMessage> PostAsync(string path)
    {
        using var caller = bedrock.Server.NewClient(bedrock.Key.Secret);
        return await caller.PostAsync(path, BedrockFixture.Content(BedrockFixture.Request), Cancellation);
    }

    /// <summary>amazon.nova-pro: 0.8, 0.2 cached and 3.2 dollars a million.</summary>
    private async Task AssertBookedAsync(HttpResponseMessage response)
    {
        var row = await bedrock.BookedAsync(response);
        Assert.Equal((new TokenUsage(Input: 600, CachedInput: 400, Output: 200), Provenance.Reported), (row.Usage, row.Provenance!.Value));
        Assert.Equal((CallOutcome.Succeeded, "bedrock", (600 * 800) + (400 * 200) + (200 * 3200L)), (row.Outcome!.Outcome, row.Call.Provider, row.Cost.NanoUsd));
    }

    private static UpstreamScript Stream(IEnumerable<byte[]> pieces) => async exchange =>
    {
        exchange.Head(200, AwsEventStream.MediaType);
        foreach (var piece in pieces) await exchange.SendAsync(piece);
    };

    private static byte[] Event(string name, string json) => AwsEventStream.Write(
        Encoding.UTF8.GetBytes(json), (":event-type", name), (":content-type", "application/json"), (":message-type", "event"));

    private static byte[] Chunk(string json) => Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(json))}}"}""");

    private static string Name(ReadOnlySpan<byte> frame) => Encoding.UTF8.GetString(new EventStreamFraming().Read(frame).Name);
}
