using System.Text;
using System.Text.Json.Nodes;
using Governance.Domain.Proxy.Gemini;

namespace Governance.Web.Sandbox;

/// <summary>Gemini's format: the model and what is asked of it stand in the path.</summary>
internal static class SandboxGemini
{
    private static readonly string[] ModelNames = ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"];

    public static async Task HandleAsync(HttpContext http, string call)
    {
        var colon = call.LastIndexOf(':');
        var (model, verb) = colon < 0 ? (call, "") : (call[..colon], call[(colon + 1)..]);
        var exchange = new SandboxExchange(http, GeminiErrors.Instance);
        if (await exchange.ReadAsync() is not { } request) return;
        var prompt = request["systemInstruction"]?.ToJsonString() + (request["contents"] ?? request["content"] ?? request["requests"])?.ToJsonString() + request["tools"]?.ToJsonString();
        var answer = new SandboxAnswer(model, prompt, request["generationConfig"]?["maxOutputTokens"]?.GetValue<long>());
        if (await exchange.RefusesAsync(answer)) return;
        var tool = (request["tools"] as JsonArray)?[0]?["functionDeclarations"]?[0]?["name"]?.GetValue<string>();
        await (verb switch
        {
            "generateContent" => exchange.WriteAsync(Whole(answer, tool)),
            "streamGenerateContent" => StreamAsync(exchange, answer, tool, asEvents: http.Request.Query["alt"] == "sse"),
            "embedContent" => exchange.WriteAsync(new JsonObject { ["embedding"] = Vector() }),
            "batchEmbedContents" => exchange.WriteAsync(new JsonObject { ["embeddings"] = new JsonArray([.. (request["requests"] as JsonArray ?? []).Select(_ => (JsonNode)Vector())]) }),
            "countTokens" => exchange.WriteAsync(new JsonObject { ["totalTokens"] = answer.PromptTokens }),
            _ => exchange.FailAsync(404, "not_found", $"There is no {verb}."),
        });
    }

    public static JsonObject Models() => new() { ["models"] = new JsonArray([.. ModelNames.Select(model => (JsonNode)Model(model))]) };

    public static JsonObject Model(string model) => new() { ["name"] = $"models/{model}", ["displayName"] = model, ["version"] = "sandbox" };

    private static JsonObject Vector() => new() { ["values"] = new JsonArray(0.25, -0.5, 0.125, 0.75) };

    private static JsonObject Whole(SandboxAnswer answer, string? tool) => Chunk(answer, Part(tool, answer.Text), answer.OutputTokens, last: true);

    private static Task StreamAsync(SandboxExchange exchange, SandboxAnswer answer, string? tool, bool asEvents)
    {
        var pieces = tool is null ? answer.Pieces.ToList() : [""];
        var chunks = pieces.Select((piece, index) => Chunk(answer, Part(tool, piece), index + 1, last: index == pieces.Count - 1)).ToList();
        return asEvents
            ? exchange.StreamAsync(answer, "text/event-stream", new GeminiEventFraming(), [.. chunks.Select(chunk => SandboxExchange.SseFrame(chunk))])
            : exchange.StreamAsync(answer, "application/json", new JsonArrayFraming(), [.. chunks.Select((chunk, index) => Element(chunk, index)), "]"u8.ToArray()]);
    }

    private static byte[] Element(JsonObject chunk, int index) => Encoding.UTF8.GetBytes((index == 0 ? "[" : ",\r\n") + chunk.ToJsonString());

    private static JsonObject Part(string? tool, string text) =>
        tool is null ? new JsonObject { ["text"] = text } : new JsonObject { ["functionCall"] = new JsonObject { ["name"] = tool, ["args"] = new JsonObject() } };

    private static JsonObject Chunk(SandboxAnswer answer, JsonObject part, long output, bool last)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["role"] = "model", ["parts"] = new JsonArray(part) }, ["index"] = 0 };
        if (last) candidate["finishReason"] = "STOP";
        var chunk = new JsonObject { ["candidates"] = new JsonArray(candidate), ["modelVersion"] = answer.Model, ["responseId"] = answer.Id("") };
        if (!answer.Script.HidesUsage)
        {
            chunk["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = answer.PromptTokens,
                ["candidatesTokenCount"] = output,
                ["totalTokenCount"] = answer.PromptTokens + output,
            };
        }

        return chunk;
    }
}
