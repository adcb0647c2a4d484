using System.Text.Json.Nodes;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Anthropic;

namespace Governance.Web.Sandbox;

/// <summary>Messages in Anthropic's format.</summary>
internal static class SandboxAnthropic
{
    private static readonly string[] ModelNames = ["claude-haiku-4-5", "claude-sonnet-5", "claude-opus-5"];

    public static async Task MessagesAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not var (exchange, request, answer)) return;
        if (await exchange.RefusesAsync(answer)) return;
        var tool = (request["tools"] as JsonArray)?[0]?["name"]?.GetValue<string>();
        if (request["stream"]?.GetValue<bool>() == true)
            await exchange.StreamAsync(answer, "text/event-stream", new SseFraming(), [.. Events(answer, tool)]);
        else
            await exchange.WriteAsync(Message(answer, tool, whole: true));
    }

    public static async Task CountTokensAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not var (exchange, _, answer)) return;
        await exchange.WriteAsync(new JsonObject { ["input_tokens"] = answer.PromptTokens });
    }

    public static JsonObject Models() => new()
    {
        ["data"] = new JsonArray([.. ModelNames.Select(model => (JsonNode)Model(model))]),
        ["has_more"] = false,
        ["first_id"] = ModelNames[0],
        ["last_id"] = ModelNames[^1],
    };

    public static JsonObject Model(string model) =>
        new() { ["type"] = "model", ["id"] = model, ["display_name"] = model, ["created_at"] = "2026-01-01T00:00:00Z" };

    private static async Task<(SandboxExchange Exchange, JsonObject Request, SandboxAnswer Answer)?> ReadAsync(HttpContext http)
    {
        var exchange = new SandboxExchange(http, AnthropicErrors.Instance);
        if (await exchange.ReadAsync() is not { } request || await exchange.TextAsync(request, "model") is not { } model) return null;
        var prompt = request["system"]?.ToJsonString() + request["messages"]?.ToJsonString() + request["tools"]?.ToJsonString();
        return (exchange, request, new SandboxAnswer(model, prompt, request["max_tokens"]?.GetValue<long>()));
    }

    private static JsonObject Message(SandboxAnswer answer, string? tool, bool whole) => new()
    {
        ["id"] = answer.Id("msg_"),
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = answer.Model,
        ["content"] = !whole ? new JsonArray() : new JsonArray(Block(answer, tool, answer.Text)),
        ["stop_reason"] = whole ? StopReason(tool) : null,
        ["stop_sequence"] = null,
        ["usage"] = Usage(answer, whole ? answer.OutputTokens : 1),
    };

    private static JsonObject Block(SandboxAnswer answer, string? tool, string text) => tool is null
        ? new JsonObject { ["type"] = "text", ["text"] = text }
        : new JsonObject { ["type"] = "tool_use", ["id"] = answer.Id("toolu_"), ["name"] = tool, ["input"] = new JsonObject() };

    private static string StopReason(string? tool) => tool is null ? "end_turn" : "tool_use";

    private static JsonObject Usage(SandboxAnswer answer, long output) => new()
    {
        ["input_tokens"] = answer.PromptTokens,
        ["cache_creation_input_tokens"] = 0,
        ["cache_read_input_tokens"] = 0,
        ["output_tokens"] = output,
        ["service_tier"] = "standard",
    };

    private static IEnumerable<byte[]> Events(SandboxAnswer answer, string? tool)
    {
        static byte[] Event(string type, JsonObject data)
        {
            data["type"] = type;
            return SandboxExchange.SseFrame(data, type);
        }

        yield return Event("message_start", new JsonObject { ["message"] = Message(answer, tool, whole: false) });
        yield return Event("content_block_start", new JsonObject { ["index"] = 0, ["content_block"] = Block(answer, tool, "") });
        yield return Event("ping", []);
        if (tool is not null)
        {
            yield return Event("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = "{}" } });
        }
        else
        {
            foreach (var piece in answer.Pieces)
                yield return Event("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = piece } });
        }

        yield return Event("content_block_stop", new JsonObject { ["index"] = 0 });
        if (!answer.Script.HidesUsage)
        {
            yield return Event("message_delta", new JsonObject
            {
                ["delta"] = new JsonObject { ["stop_reason"] = StopReason(tool), ["stop_sequence"] = null },
                ["usage"] = new JsonObject { ["output_tokens"] = answer.OutputTokens },
            });
        }

        yield return Event("message_stop", []);
    }
}
