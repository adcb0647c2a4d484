using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>
/// Reads OpenAI's <c>usage</c>, which counts cached reads, cache writes and audio inside the prompt, and reasoning and audio inside the answer
/// (platform.openai.com/docs/guides/prompt-caching, /docs/api-reference/chat/object); here the classes are made disjoint.
/// </summary>
internal static class OpenAiUsage
{
    /// <summary>The usage of chat completions and embeddings; none for what is no object.</summary>
    public static TokenUsage? OfCompletions(ref Utf8JsonReader reader) =>
        Read(ref reader, "prompt_tokens"u8, "prompt_tokens_details"u8, "completion_tokens"u8, "completion_tokens_details"u8);

    /// <summary>The usage of responses; none for what is no object.</summary>
    public static TokenUsage? OfResponses(ref Utf8JsonReader reader) =>
        Read(ref reader, "input_tokens"u8, "input_tokens_details"u8, "output_tokens"u8, "output_tokens_details"u8);

    private static TokenUsage? Read(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> promptName, ReadOnlySpan<byte> promptDetailsName,
        ReadOnlySpan<byte> answerName, ReadOnlySpan<byte> answerDetailsName)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;

        long prompt = 0, answer = 0;
        Details ofPrompt = default, ofAnswer = default;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(promptName)) prompt = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals(answerName)) answer = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals(promptDetailsName)) ofPrompt = ReadDetails(ref reader);
            else if (reader.ValueTextEquals(answerDetailsName)) ofAnswer = ReadDetails(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        // What the cache served or took is text first, so audio is cut short only where a report does not add up.
        var cached = Math.Min(ofPrompt.Cached, prompt);
        var written = Math.Min(ofPrompt.CacheWrite, prompt - cached);
        var heard = Math.Min(ofPrompt.Audio, prompt - cached - written);
        var spoken = Math.Min(ofAnswer.Audio, answer);
        return new TokenUsage(
            Input: prompt - cached - written - heard, CachedInput: cached, CacheWrite: written, Output: answer - spoken,
            Reasoning: Math.Min(ofAnswer.Reasoning, answer - spoken), AudioInput: heard, AudioOutput: spoken);
    }

    private static Details ReadDetails(ref Utf8JsonReader reader)
    {
        var details = default(Details);
        if (!JsonReading.EntersObject(ref reader)) return details;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) details = details with { Cached = JsonReading.Count(ref reader) };
            else if (reader.ValueTextEquals("cache_write_tokens"u8)) details = details with { CacheWrite = JsonReading.Count(ref reader) };
            else if (reader.ValueTextEquals("audio_tokens"u8)) details = details with { Audio = JsonReading.Count(ref reader) };
            else if (reader.ValueTextEquals("reasoning_tokens"u8)) details = details with { Reasoning = JsonReading.Count(ref reader) };
            else JsonReading.SkipValue(ref reader);
        }

        return details;
    }

    private readonly record struct Details(long Cached, long CacheWrite, long Audio, long Reasoning);
}
