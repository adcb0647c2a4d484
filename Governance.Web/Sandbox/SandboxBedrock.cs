using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Web.Sandbox;

/// <summary>Bedrock's format: Converse, and InvokeModel with the bodies of Amazon's own models. Signatures are not checked.</summary>
internal static class SandboxBedrock
{
    public static async Task ConverseAsync(HttpContext http, string model, bool stream)
    {
        if (await ReadAsync(http, model) is not var (exchange, request, answer)) return;
        var tool = request["toolConfig"]?["tools"]?[0]?["toolSpec"]?["name"]?.GetValue<string>();
        if (stream) await exchange.StreamAsync(answer, AwsEventStream.MediaType, new EventStreamFraming(), [.. Events(answer, tool).Select(each => Frame(each.Type, each.Data))]);
        else await exchange.WriteAsync(Whole(answer, tool, withUsage: !answer.Script.HidesUsage));
    }

    public static async Task InvokeAsync(HttpContext http, string model, bool stream)
    {
        if (await ReadAsync(http, model) is not var (exchange, _, answer)) return;
        if (stream)
        {
            await exchange.StreamAsync(answer, AwsEventStream.MediaType, new EventStreamFraming(), [.. Chunks(answer).Select(each => Frame("chunk", each))]);
            return;
        }

        if (!answer.Script.HidesUsage)
        {
            http.Response.Headers["X-Amzn-Bedrock-Input-Token-Count"] = answer.PromptTokens.ToString(System.Globalization.CultureInfo.InvariantCulture);
            http.Response.Headers["X-Amzn-Bedrock-Output-Token-Count"] = answer.OutputTokens.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await exchange.WriteAsync(Whole(answer, tool: null, withUsage: true));
    }

    private static async Task<(SandboxExchange Exchange, JsonObject Request, SandboxAnswer Answer)?> ReadAsync(HttpContext http, string model)
    {
        var exchange = new SandboxExchange(http, BedrockErrors.Instance);
        if (await exchange.ReadAsync() is not { } request) return null;
        var prompt = request["system"]?.ToJsonString() + request["messages"]?.ToJsonString() + request["toolConfig"]?.ToJsonString();
        var answer = new SandboxAnswer(model, prompt, request["inferenceConfig"]?["maxTokens"]?.GetValue<long>());
        return await exchange.RefusesAsync(answer) ? null : (exchange, request, answer);
    }

    private static JsonObject Whole(SandboxAnswer answer, string? tool, bool withUsage)
    {
        var whole = new JsonObject
        {
            ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray(Block(answer, tool)) } },
            ["stopReason"] = StopReason(tool),
            ["metrics"] = new JsonObject { ["latencyMs"] = 1 },
        };
        if (withUsage) whole["usage"] = Usage(answer);
        return whole;
    }

    private static JsonObject Block(SandboxAnswer answer, string? tool) => tool is null
        ? new JsonObject { ["text"] = answer.Text }
        : new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = answer.Id("tooluse_"), ["name"] = tool, ["input"] = new JsonObject() } };

    private static string StopReason(string? tool) => tool is null ? "end_turn" : "tool_use";

    private static JsonObject Usage(SandboxAnswer answer) => new()
    {
        ["inputTokens"] = answer.PromptTokens,
        ["outputTokens"] = answer.OutputTokens,
        ["totalTokens"] = answer.PromptTokens + answer.OutputTokens,
    };

    private static IEnumerable<(string Type, JsonObject Data)> Events(SandboxAnswer answer, string? tool)
    {
        yield return ("messageStart", new JsonObject { ["role"] = "assistant" });
        if (tool is not null)
        {
            yield return ("contentBlockStart", new JsonObject
            {
                ["contentBlockIndex"] = 0,
                ["start"] = new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = answer.Id("tooluse_"), ["name"] = tool } },
            });
            yield return ("contentBlockDelta", Delta(new JsonObject { ["toolUse"] = new JsonObject { ["input"] = "{}" } }));
        }
        else
        {
            foreach (var piece in answer.Pieces) yield return ("contentBlockDelta", Delta(new JsonObject { ["text"] = piece }));
        }

        yield return ("contentBlockStop", new JsonObject { ["contentBlockIndex"] = 0 });
        yield return ("messageStop", new JsonObject { ["stopReason"] = StopReason(tool) });
        if (!answer.Script.HidesUsage)
            yield return ("metadata", new JsonObject { ["usage"] = Usage(answer), ["metrics"] = new JsonObject { ["latencyMs"] = 1 } });
    }

    private static JsonObject Delta(JsonObject delta) => new() { ["contentBlockIndex"] = 0, ["delta"] = delta };

    /// <summary>The vendor's events in base64; Bedrock adds its metrics to the last.</summary>
    private static IEnumerable<JsonObject> Chunks(SandboxAnswer answer)
    {
        foreach (var piece in answer.Pieces) yield return Chunk(new JsonObject { ["contentBlockDelta"] = Delta(new JsonObject { ["text"] = piece }) });
        var last = new JsonObject { ["messageStop"] = new JsonObject { ["stopReason"] = "end_turn" } };
        if (!answer.Script.HidesUsage)
        {
            last["amazon-bedrock-invocationMetrics"] = new JsonObject
            {
                ["inputTokenCount"] = answer.PromptTokens,
                ["outputTokenCount"] = answer.OutputTokens,
                ["invocationLatency"] = 1,
                ["firstByteLatency"] = 1,
            };
        }

        yield return Chunk(last);
    }

    private static JsonObject Chunk(JsonObject vendors) => new() { ["bytes"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(vendors.ToJsonString())) };

    private static byte[] Frame(string type, JsonObject data) => AwsEventStream.Write(
        JsonSerializer.SerializeToUtf8Bytes(data), (":event-type", type), (":content-type", "application/json"), (":message-type", "event"));
}
