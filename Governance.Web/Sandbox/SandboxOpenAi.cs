using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Web.Sandbox;

/// <summary>OpenAI's other APIs: responses, embeddings, moderations and lists of models.</summary>
internal static class SandboxOpenAi
{
    private const int Dimensions = 8;

    public static async Task ResponsesAsync(HttpContext http)
    {
        var exchange = new SandboxExchange(http, OpenAiErrors.Instance);
        if (await exchange.ReadAsync() is not { } request || await exchange.TextAsync(request, "model") is not { } model) return;
        var prompt = request["instructions"]?.ToJsonString() + request["input"]?.ToJsonString() + request["tools"]?.ToJsonString();
        var answer = new SandboxAnswer(model, prompt, request["max_output_tokens"]?.GetValue<long>());
        if (await exchange.RefusesAsync(answer)) return;
        if (request["stream"]?.GetValue<bool>() == true)
            await exchange.StreamAsync(answer, "text/event-stream", new SseFraming(), [.. Events(answer)]);
        else
            await exchange.WriteAsync(Response(answer, "completed"));
    }

    public static async Task EmbeddingsAsync(HttpContext http, string? model)
    {
        var exchange = new SandboxExchange(http, OpenAiErrors.Instance);
        if (await exchange.ReadAsync() is not { } request) return;
        if ((model ?? await exchange.TextAsync(request, "model")) is not { } named) return;
        string[] inputs = request["input"] is JsonArray several ? [.. several.Select(input => input?.ToString() ?? "")] : [request["input"]?.ToString() ?? ""];
        var answer = new SandboxAnswer(named, string.Concat(inputs), null);
        if (await exchange.RefusesAsync(answer)) return;
        var inBase64 = request["encoding_format"]?.GetValue<string>() == "base64";
        await exchange.WriteAsync(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. inputs.Select((input, index) => (JsonNode)new JsonObject
            {
                ["object"] = "embedding", ["index"] = index, ["embedding"] = Vector(named, input, inBase64),
            })]),
            ["model"] = named,
            ["usage"] = new JsonObject { ["prompt_tokens"] = answer.PromptTokens, ["total_tokens"] = answer.PromptTokens },
        });
    }

    public static async Task ModerationsAsync(HttpContext http)
    {
        var exchange = new SandboxExchange(http, OpenAiErrors.Instance);
        if (await exchange.ReadAsync() is not { } request) return;
        var answer = new SandboxAnswer("omni-moderation-latest", request["input"]?.ToJsonString() ?? "", null);
        await exchange.WriteAsync(new JsonObject
        {
            ["id"] = answer.Id("modr-"),
            ["model"] = answer.Model,
            ["results"] = new JsonArray(new JsonObject { ["flagged"] = false, ["categories"] = new JsonObject(), ["category_scores"] = new JsonObject() }),
        });
    }

    public static JsonObject Models(IEnumerable<string> models) =>
        new() { ["object"] = "list", ["data"] = new JsonArray([.. models.Select(model => (JsonNode)Model(model))]) };

    public static JsonObject Model(string model) => new() { ["id"] = model, ["object"] = "model", ["created"] = 0, ["owned_by"] = "sandbox" };

    private static IEnumerable<byte[]> Events(SandboxAnswer answer)
    {
        var number = 0;
        byte[] Event(string type, JsonObject data)
        {
            data["type"] = type;
            data["sequence_number"] = number++;
            return SandboxExchange.SseFrame(data, type);
        }

        var item = answer.Id("msg_");
        JsonObject Place() => new() { ["item_id"] = item, ["output_index"] = 0, ["content_index"] = 0 };
        yield return Event("response.created", new JsonObject { ["response"] = Response(answer, "in_progress") });
        yield return Event("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = Message(answer, "in_progress", withText: false) });
        foreach (var piece in answer.Pieces)
        {
            var delta = Place();
            delta["delta"] = piece;
            yield return Event("response.output_text.delta", delta);
        }

        var done = Place();
        done["text"] = answer.Text;
        yield return Event("response.output_text.done", done);
        yield return Event("response.completed", new JsonObject { ["response"] = Response(answer, "completed") });
    }

    private static JsonObject Response(SandboxAnswer answer, string status)
    {
        var whole = status == "completed";
        return new JsonObject
        {
            ["id"] = answer.Id("resp_"),
            ["object"] = "response",
            ["created_at"] = 0,
            ["status"] = status,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["instructions"] = null,
            ["metadata"] = new JsonObject(),
            ["model"] = answer.Model,
            ["output"] = whole ? new JsonArray(Message(answer, status, withText: true)) : new JsonArray(),
            ["parallel_tool_calls"] = true,
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["service_tier"] = "default",
            ["usage"] = whole && !answer.Script.HidesUsage
                ? new JsonObject
                {
                    ["input_tokens"] = answer.PromptTokens,
                    ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                    ["output_tokens"] = answer.OutputTokens,
                    ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
                    ["total_tokens"] = answer.PromptTokens + answer.OutputTokens,
                }
                : null,
        };
    }

    private static JsonObject Message(SandboxAnswer answer, string status, bool withText) => new()
    {
        ["id"] = answer.Id("msg_"),
        ["type"] = "message",
        ["role"] = "assistant",
        ["status"] = status,
        ["content"] = withText
            ? new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = answer.Text, ["annotations"] = new JsonArray() })
            : new JsonArray(),
    };

    private static JsonNode Vector(string model, string input, bool inBase64)
    {
        var seed = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(model + input));
        var vector = Enumerable.Range(0, Dimensions).Select(i => (seed[i] - 127.5f) / 128f).ToArray();
        return inBase64
            ? JsonValue.Create(Convert.ToBase64String([.. vector.SelectMany(BitConverter.GetBytes)]))
            : JsonSerializer.SerializeToNode(vector)!;
    }
}
