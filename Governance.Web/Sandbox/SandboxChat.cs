using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Proxy;

namespace Governance.Web.Sandbox;

/// <summary>
/// Answers chat completions deterministically: the same request gets the same words and the same usage. Only the wire format is
/// OpenAI's; there is no model behind it.
/// </summary>
internal static class SandboxChat
{
    private const int MaxWords = 400;
    private static readonly string[] Words =
    [
        "budget", "ledger", "forecast", "policy", "audit", "invoice", "team", "token", "model", "usage", "price", "report",
        "is", "shows", "follows", "covers", "explains", "confirms", "the", "a", "each", "every", "monthly", "clear", "complete",
    ];

    public static async Task HandleAsync(HttpContext http)
    {
        JsonNode? request;
        try
        {
            request = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            await http.Response.WriteErrorAsync(400, "The body is not valid JSON.", "invalid_json");
            return;
        }

        if (request?["model"]?.GetValue<string>() is not { Length: > 0 } model || request["messages"] is not JsonArray messages)
        {
            await http.Response.WriteErrorAsync(400, "'model' and 'messages' are required.", "invalid_request");
            return;
        }

        var answer = new Answer(model, messages.ToJsonString(), Limit(request));
        if (request["stream"]?.GetValue<bool>() == true)
            await StreamAsync(http, answer, request["stream_options"]?["include_usage"]?.GetValue<bool>() == true);
        else
            await http.Response.WriteAsJsonAsync(answer.Whole(), http.RequestAborted);
    }

    private static int Limit(JsonNode request) =>
        (request["max_completion_tokens"] ?? request["max_tokens"]) is { } limit ? Math.Clamp(limit.GetValue<int>(), 1, MaxWords) : MaxWords;

    private static async Task StreamAsync(HttpContext http, Answer answer, bool includeUsage)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var chunk in answer.Chunks(includeUsage))
        {
            await http.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static Task WriteErrorAsync(this HttpResponse response, int status, string message, string code)
    {
        response.StatusCode = status;
        return response.WriteAsJsonAsync(new { error = new { message, type = "invalid_request_error", param = (string?)null, code } });
    }

    /// <summary>The words that a prompt always gets.</summary>
    private sealed class Answer
    {
        private readonly string _model;
        private readonly string _id;
        private readonly string[] _words;
        private readonly long _promptTokens;

        public Answer(string model, string prompt, int limit)
        {
            var seed = SHA256.HashData(Encoding.UTF8.GetBytes(model + prompt));
            _model = model;
            _id = $"chatcmpl-sandbox{Convert.ToHexStringLower(seed.AsSpan(0, 8))}";
            _words = [.. Enumerable.Range(0, Math.Min(12 + seed[8] % 60, limit)).Select(i => Words[(seed[i % 32] + i) % Words.Length])];
            _promptTokens = TokenEstimate.FromBytes(Encoding.UTF8.GetByteCount(prompt));
        }

        public JsonObject Whole()
        {
            var whole = Envelope("chat.completion");
            whole["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = string.Join(' ', _words) },
                ["finish_reason"] = "stop",
            });
            whole["usage"] = Usage();
            return whole;
        }

        public IEnumerable<JsonObject> Chunks(bool includeUsage)
        {
            yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null, includeUsage);
            foreach (var (index, word) in _words.Index())
                yield return Chunk(new JsonObject { ["content"] = index == 0 ? word : " " + word }, null, includeUsage);
            yield return Chunk([], "stop", includeUsage);
            if (!includeUsage) yield break;

            var last = Envelope("chat.completion.chunk");
            last["choices"] = new JsonArray();
            last["usage"] = Usage();
            yield return last;
        }

        private JsonObject Chunk(JsonObject delta, string? finishReason, bool includeUsage)
        {
            var chunk = Envelope("chat.completion.chunk");
            chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason });
            if (includeUsage) chunk["usage"] = null;
            return chunk;
        }

        private JsonObject Envelope(string type) => new()
        {
            ["id"] = _id,
            ["object"] = type,
            ["created"] = 0,
            ["model"] = _model,
            ["service_tier"] = "default",
            ["system_fingerprint"] = "sandbox",
        };

        private JsonObject Usage() => new()
        {
            ["prompt_tokens"] = _promptTokens,
            ["completion_tokens"] = _words.Length,
            ["total_tokens"] = _promptTokens + _words.Length,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        };
    }
}
