using System.Text.Json.Nodes;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Web.Sandbox;

/// <summary>Chat completions in OpenAI's format; Azure names the model in the path.</summary>
internal static class SandboxChat
{
    public static async Task HandleAsync(HttpContext http, string? model)
    {
        var exchange = new SandboxExchange(http, OpenAiErrors.Instance);
        if (await exchange.ReadAsync() is not { } request) return;
        if ((model ?? await exchange.TextAsync(request, "model")) is not { } named) return;
        if (request["messages"] is not JsonArray messages)
        {
            await exchange.FailAsync(400, "invalid_request", "'messages' is required.");
            return;
        }

        var limit = (request["max_completion_tokens"] ?? request["max_tokens"])?.GetValue<long>();
        var answer = new SandboxAnswer(named, messages.ToJsonString() + request["tools"]?.ToJsonString(), limit);
        if (await exchange.RefusesAsync(answer)) return;
        var tool = (request["tools"] as JsonArray)?[0]?["function"]?["name"]?.GetValue<string>();
        if (request["stream"]?.GetValue<bool>() == true)
        {
            var includeUsage = request["stream_options"]?["include_usage"]?.GetValue<bool>() == true && !answer.Script.HidesUsage;
            await exchange.StreamAsync(answer, "text/event-stream", new SseFraming(), [.. Chunks(answer, tool, includeUsage).Select(chunk => SandboxExchange.SseFrame(chunk)), "data: [DONE]\n\n"u8.ToArray()]);
        }
        else
        {
            await exchange.WriteAsync(Whole(answer, tool));
        }
    }

    private static JsonObject Whole(SandboxAnswer answer, string? tool)
    {
        var whole = Envelope(answer, "chat.completion");
        var message = tool is null
            ? new JsonObject { ["role"] = "assistant", ["content"] = answer.Text }
            : new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = new JsonArray(ToolCall(answer, tool)) };
        whole["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = tool is null ? "stop" : "tool_calls" });
        if (!answer.Script.HidesUsage) whole["usage"] = Usage(answer);
        return whole;
    }

    private static IEnumerable<JsonObject> Chunks(SandboxAnswer answer, string? tool, bool includeUsage)
    {
        yield return Chunk(answer, new JsonObject { ["role"] = "assistant", ["content"] = "" }, null, includeUsage);
        if (tool is not null)
        {
            var call = ToolCall(answer, tool);
            call["index"] = 0;
            yield return Chunk(answer, new JsonObject { ["tool_calls"] = new JsonArray(call) }, null, includeUsage);
        }
        else
        {
            foreach (var piece in answer.Pieces) yield return Chunk(answer, new JsonObject { ["content"] = piece }, null, includeUsage);
        }

        yield return Chunk(answer, [], tool is null ? "stop" : "tool_calls", includeUsage);
        if (!includeUsage) yield break;

        var last = Envelope(answer, "chat.completion.chunk");
        last["choices"] = new JsonArray();
        last["usage"] = Usage(answer);
        yield return last;
    }

    private static JsonObject Chunk(SandboxAnswer answer, JsonObject delta, string? finishReason, bool includeUsage)
    {
        var chunk = Envelope(answer, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason });
        if (includeUsage) chunk["usage"] = null;
        return chunk;
    }

    private static JsonObject ToolCall(SandboxAnswer answer, string name) => new()
    {
        ["id"] = answer.Id("call_"),
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = "{}" },
    };

    private static JsonObject Envelope(SandboxAnswer answer, string type) => new()
    {
        ["id"] = answer.Id("chatcmpl-"),
        ["object"] = type,
        ["created"] = 0,
        ["model"] = answer.Model,
        ["service_tier"] = "default",
        ["system_fingerprint"] = "sandbox",
    };

    private static JsonObject Usage(SandboxAnswer answer) => new()
    {
        ["prompt_tokens"] = answer.PromptTokens,
        ["completion_tokens"] = answer.OutputTokens,
        ["total_tokens"] = answer.PromptTokens + answer.OutputTokens,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
    };
}
