using System.Text;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Web.Tests.Proxy;

/// <summary>
/// A stream of one wire format, and what it costs by the starting price book. Every sample's prompt has 100 tokens, 40 of them read from a cache, and its
/// answer 30.
/// </summary>
/// <param name="Path">Below <c>/proxy</c>.</param>
/// <param name="Body">What the caller asks.</param>
/// <param name="MediaType">Of the answer.</param>
/// <param name="Frames">The answer in the format's own pieces.</param>
/// <param name="CostNano">Worked out by hand from the rates in prices.csv, in nano-dollars.</param>
public sealed record FormatSample(string Path, string Body, string MediaType, byte[][] Frames, long CostNano)
{
    private const string Sse = "text/event-stream";

    public byte[] Bytes => [.. Frames.SelectMany(frame => frame)];

    public static IReadOnlyDictionary<string, FormatSample> All { get; } = new Dictionary<string, FormatSample>
    {
        // gpt-5-mini: 0.25, cached 0.025, out 2 dollars a million: 60 × 250 + 40 × 25 + 30 × 2,000.
        ["chat"] = new("openai/v1/chat/completions", """{"model":"gpt-5-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Grüße, 你好"}]}""", Sse,
        [
            Event("""{"id":"c1","model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":null}"""),
            Event("""{"id":"c1","model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"delta":{"content":"Grüße 😀"}}],"usage":null}"""),
            Event("""{"id":"c1","model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"""),
            Event("""{"id":"c1","model":"gpt-5-mini-2025-08-07","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":40}}}"""),
            Event("[DONE]"),
        ], 76_000),
        ["responses"] = new("openai/v1/responses", """{"model":"gpt-5-mini","stream":true,"input":"Grüße, 你好"}""", Sse,
        [
            Event("""{"type":"response.created","response":{"id":"r1","model":"gpt-5-mini-2025-08-07","status":"in_progress","usage":null}}""", "response.created"),
            Event("""{"type":"response.output_text.delta","delta":"Grüße 😀"}""", "response.output_text.delta"),
            Event("""{"type":"response.completed","response":{"id":"r1","model":"gpt-5-mini-2025-08-07","status":"completed","output":[],"usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":40},"output_tokens":30}}}""", "response.completed"),
        ], 76_000),

        // gpt-4.1 at Azure: 2, cached 0.5, out 8: 60 × 2,000 + 40 × 500 + 30 × 8,000.
        ["azure"] = new("azure/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21", """{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Grüße"}]}""", Sse,
        [
            Event("""{"id":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}"""),
            Event("""{"id":"c1","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"content":"Grüße 😀"}}]}"""),
            Event("""{"id":"c1","model":"gpt-4.1-2025-04-14","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":40}}}"""),
            Event("[DONE]"),
        ], 380_000),

        // claude-haiku-4-5: 1, cached 0.1, out 5: 60 × 1,000 + 40 × 100 + 30 × 5,000. The input is told without what was cached.
        ["anthropic"] = new("anthropic/v1/messages", """{"model":"claude-haiku-4-5","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"Grüße, 你好"}]}""", Sse,
        [
            Event("""{"type":"message_start","message":{"id":"m1","model":"claude-haiku-4-5-20251001","content":[],"usage":{"input_tokens":60,"cache_read_input_tokens":40,"cache_creation_input_tokens":0,"output_tokens":1}}}""", "message_start"),
            Event("""{"type":"ping"}""", "ping"),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße 😀"}}""", "content_block_delta"),
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":30}}""", "message_delta"),
            Event("""{"type":"message_stop"}""", "message_stop"),
        ], 214_000),

        // gemini-2.5-flash: 0.3, cached 0.03, out 2.5: 60 × 300 + 40 × 30 + 30 × 2,500. Thoughts are part of the output, beside the candidates.
        ["gemini"] = new("gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", Question, Sse, [.. GeminiChunks.Select(chunk => Event(chunk))], 94_200),
        ["gemini-array"] = new("gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent", Question, "application/json",
            [.. GeminiChunks.Select((chunk, index) => Encoding.UTF8.GetBytes((index == 0 ? "[" : ",\r\n") + chunk)), "]"u8.ToArray()], 94_200),

        // amazon.nova-lite: 0.06, cached 0.015, out 0.24: 60 × 60 + 40 × 15 + 30 × 240.
        ["converse"] = new("bedrock/model/amazon.nova-lite-v1%3A0/converse-stream", """{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}""", AwsEventStream.MediaType,
        [
            Message("messageStart", """{"role":"assistant"}"""),
            Message("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Grüße 😀"}}"""),
            Message("messageStop", """{"stopReason":"end_turn"}"""),
            Message("metadata", """{"usage":{"inputTokens":60,"outputTokens":30,"cacheReadInputTokens":40},"metrics":{"latencyMs":1}}"""),
        ], 11_400),
        ["invoke"] = new("bedrock/model/amazon.nova-lite-v1%3A0/invoke-with-response-stream", """{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}""", AwsEventStream.MediaType,
        [
            Chunk("""{"contentBlockDelta":{"delta":{"text":"Grüße 😀"}}}"""),
            Chunk("""{"messageStop":{"stopReason":"end_turn"},"amazon-bedrock-invocationMetrics":{"inputTokenCount":60,"outputTokenCount":30,"cacheReadInputTokenCount":40}}"""),
        ], 11_400),
    };

    private const string Question = """{"contents":[{"role":"user","parts":[{"text":"Grüße, 你好"}]}]}""";

    private static string[] GeminiChunks =>
    [
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße 😀"}]},"index":0}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":2},"modelVersion":"gemini-2.5-flash"}""",
        """{"candidates":[{"content":{"role":"model","parts":[{"text":" ]}, \" {["}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":10},"modelVersion":"gemini-2.5-flash"}""",
    ];

    private static byte[] Event(string data, string? name = null) => Encoding.UTF8.GetBytes((name is null ? "" : $"event: {name}\n") + $"data: {data}\n\n");

    private static byte[] Message(string type, string data) =>
        AwsEventStream.Write(Encoding.UTF8.GetBytes(data), (":event-type", type), (":content-type", "application/json"), (":message-type", "event"));

    private static byte[] Chunk(string vendors) => Message("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(vendors))}}","p":"abc"}""");
}
