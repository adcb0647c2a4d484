using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// Meters Gemini's answers (ai.google.dev/api/generate-content). Every chunk of a stream tells the usage up to there, so that the last one
/// is the usage; a chunk that counts the prompt alone says nothing about the answer unless it ends the stream. No event ends a stream: it
/// is whole with a chunk that says why the model stopped, behind which others may still come.
/// </summary>
public sealed class GeminiReader : AnswerReader
{
    private long _searches;

    /// <summary>The tier that was served, which a priority request may lose (ai.google.dev/gemini-api/docs/priority-inference).</summary>
    public override void ReadHead(Func<string, string?> header)
    {
        if (header("x-gemini-service-tier") is { Length: > 0 } tier) ServiceTier = JsonReading.Storable(tier.ToLowerInvariant());
    }

    protected override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Read(data, isFrame: true);

    protected override AnswerPart Body(ReadOnlySpan<byte> body) => Read(body, isFrame: false);

    private AnswerPart Read(ReadOnlySpan<byte> data, bool isFrame)
    {
        var reader = new Utf8JsonReader(data, JsonReading.Options);
        if (!reader.Read()) return AnswerPart.Garbage;
        var part = reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadDocument(ref reader, isFrame),
            JsonTokenType.StartArray => ReadDocuments(ref reader, isFrame),
            _ => AnswerPart.Garbage,
        };
        JsonReading.ReadToEnd(ref reader);
        return part;
    }

    /// <summary>The explanation of an error status is an array where a stream as an array was asked for.</summary>
    private AnswerPart ReadDocuments(ref Utf8JsonReader reader, bool isFrame)
    {
        var part = AnswerPart.Garbage;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) reader.Skip();
            else if (ReadDocument(ref reader, isFrame) is var next && part != AnswerPart.Error) part = next;
        }

        return part;
    }

    private AnswerPart ReadDocument(ref Utf8JsonReader reader, bool isFrame)
    {
        bool hasError = false, stopped = false;
        GeminiUsage? usage = null;
        var searches = 0;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("modelVersion"u8)) Model = JsonReading.Text(ref reader) ?? Model;
            else if (reader.ValueTextEquals("usageMetadata"u8)) usage = GeminiUsage.Read(ref reader);
            else if (reader.ValueTextEquals("candidates"u8)) stopped |= ReadCandidates(ref reader, ref searches);
            else if (reader.ValueTextEquals("promptFeedback"u8)) stopped |= ReadText(ref reader, "blockReason"u8) is not null;
            else if (reader.ValueTextEquals("error"u8)) hasError = ReadError(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        if (hasError) return AnswerPart.Error;
        Apply(usage, isWhole: !isFrame || stopped);
        Apply(searches);
        return isFrame && stopped ? AnswerPart.End : AnswerPart.Content;
    }

    private void Apply(GeminiUsage? reported, bool isWhole)
    {
        if (reported is not { } usage) return;
        ServiceTier = usage.ServiceTier ?? ServiceTier;
        var all = usage.ToUsage();
        if (isWhole || usage.CountsAnswer) Usage = all;
        PromptUsage = all with { Output = 0, Reasoning = 0, AudioOutput = 0, ImageOutput = 0 };
    }

    /// <summary>
    /// Each query that is not empty is a search; up to Gemini 2.5 a grounded prompt is one, however many queries it took
    /// (ai.google.dev/gemini-api/docs/google-search, "Pricing"). Chunks repeat the queries.
    /// </summary>
    private void Apply(int searches)
    {
        _searches = Math.Max(_searches, searches);
        var perPrompt = Model is not null && (Model.StartsWith("gemini-2", StringComparison.Ordinal) || Model.StartsWith("gemini-1", StringComparison.Ordinal));
        Units = new UnitUsage(Searches: perPrompt ? Math.Min(_searches, 1) : _searches);
    }

    private bool ReadCandidates(ref Utf8JsonReader reader, ref int searches)
    {
        if (!JsonReading.EntersArray(ref reader)) return false;
        var stopped = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) stopped |= ReadCandidate(ref reader, ref searches);
            else reader.Skip();
        }

        return stopped;
    }

    private bool ReadCandidate(ref Utf8JsonReader reader, ref int searches)
    {
        var stopped = false;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("finishReason"u8)) stopped = JsonReading.Text(ref reader) is { Length: > 0 };
            else if (reader.ValueTextEquals("content"u8)) ContentBytes += GeneratedContent.Count(ref reader);
            else if (reader.ValueTextEquals("groundingMetadata"u8)) searches += ReadQueries(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return stopped;
    }

    private static int ReadQueries(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return 0;
        var queries = new HashSet<string>();
        while (JsonReading.NextProperty(ref reader))
        {
            var isQueries = reader.ValueTextEquals("webSearchQueries"u8);
            if (!isQueries)
            {
                JsonReading.SkipValue(ref reader);
                continue;
            }

            if (!JsonReading.EntersArray(ref reader)) continue;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) queries.Add(Convert.ToHexString(reader.ValueSpan));
                reader.Skip();
            }
        }

        return queries.Count;
    }

    private bool ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("status"u8)) ErrorCode = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("details"u8)) RetryAfter = RetryInfo.Read(ref reader) ?? RetryAfter;
            else JsonReading.SkipValue(ref reader);
        }

        return true;
    }

    private static string? ReadText(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        string? text = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(name)) text = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return text;
    }
}
