using System.Text.Json;
using System.Text.Json.Nodes;

namespace Governance.Testing.Upstream;

/// <summary>Scripts that tests need again and again, and OpenAI's documents to fill them with.</summary>
public static class Replies
{
    public static UpstreamScript Json(string body, int status = 200, params (string Name, string Value)[] headers) => async exchange =>
    {
        exchange.Head(status, "application/json", headers);
        await exchange.SendAsync(body);
    };

    public static UpstreamScript Bytes(byte[] body, string contentType = "application/json", int status = 200) => async exchange =>
    {
        exchange.Head(status, contentType);
        await exchange.SendAsync(body);
    };

    /// <summary>A stream sent chunk by chunk; a chunk need not be a whole event.</summary>
    public static UpstreamScript Stream(params IEnumerable<string> chunks) => async exchange =>
    {
        exchange.Head(200, "text/event-stream");
        foreach (var chunk in chunks) await exchange.SendAsync(chunk);
    };

    /// <summary>A stream that stops at a gate after its first chunks, and then goes on.</summary>
    public static UpstreamScript GatedStream(Gate gate, IEnumerable<string> before, IEnumerable<string> after) => async exchange =>
    {
        await Stream(before)(exchange);
        await gate.PassAsync(exchange);
        foreach (var chunk in after) await exchange.SendAsync(chunk);
    };

    /// <summary>A stream whose connection breaks after its chunks.</summary>
    public static UpstreamScript CutStream(params IEnumerable<string> chunks) => async exchange =>
    {
        await Stream(chunks)(exchange);
        exchange.Abort();
    };

    /// <summary>Breaks the connection without an answer.</summary>
    public static UpstreamScript HangUp { get; } = exchange =>
    {
        exchange.Abort();
        return Task.CompletedTask;
    };

    /// <summary>An answer of a whole body.</summary>
    public static string Completion(
        string model = "gpt-5-mini-2025-08-07", string content = "Hello", long prompt = 12, long completion = 5, long cached = 0, long reasoning = 0,
        string serviceTier = "default") => new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion",
            ["created"] = 1_790_000_000,
            ["model"] = model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content },
                ["finish_reason"] = "stop",
            }),
            ["usage"] = Usage(prompt, completion, cached, reasoning),
            ["service_tier"] = serviceTier,
        }.ToJsonString();

    /// <summary>One event of a stream with a piece of the answer.</summary>
    public static string Chunk(string content, string model = "gpt-5-mini-2025-08-07", bool usageNull = true)
    {
        var chunk = Envelope(model);
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = content }, ["finish_reason"] = null });
        if (usageNull) chunk["usage"] = null;
        return Event(chunk.ToJsonString());
    }

    /// <summary>The event that carries the usage and no choices.</summary>
    public static string UsageChunk(long prompt = 12, long completion = 5, long cached = 0, long reasoning = 0, string model = "gpt-5-mini-2025-08-07")
    {
        var chunk = Envelope(model);
        chunk["choices"] = new JsonArray();
        chunk["usage"] = Usage(prompt, completion, cached, reasoning);
        return Event(chunk.ToJsonString());
    }

    public const string Done = "data: [DONE]\n\n";

    public static string Event(string data) => $"data: {data}\n\n";

    public static string Error(string message, string type = "server_error", string? code = null) =>
        JsonSerializer.Serialize(new { error = new { message, type, param = (string?)null, code } });

    private static JsonObject Envelope(string model) => new()
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1_790_000_000,
        ["model"] = model,
        ["service_tier"] = "default",
    };

    private static JsonObject Usage(long prompt, long completion, long cached, long reasoning) => new()
    {
        ["prompt_tokens"] = prompt,
        ["completion_tokens"] = completion,
        ["total_tokens"] = prompt + completion,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = reasoning },
    };
}
