using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>A <c>usageMetadata</c> object (ai.google.dev/api/generate-content#UsageMetadata).</summary>
internal record struct GeminiUsage
{
    private long _prompt;
    private long _cached;
    private long _candidates;
    private long _thoughts;
    private long _toolPrompt;
    private Media _promptMedia;
    private Media _cachedMedia;
    private Media _candidateMedia;

    /// <summary>Whether something of the answer was counted: the first chunks of a stream may count the prompt alone.</summary>
    public bool CountsAnswer { get; private set; }

    public string? ServiceTier { get; private set; }

    /// <summary>Reads the property on whose name the cursor stands; none if it is no object.</summary>
    public static GeminiUsage? Read(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        var usage = new GeminiUsage();
        while (JsonReading.NextProperty(ref reader)) usage.ReadProperty(ref reader);
        return usage;
    }

    /// <summary>
    /// The prompt holds what was cached, in the modalities its details tell; the candidates do not hold the thoughts, and what the
    /// provider's own tools read comes on top of the prompt (<c>totalTokenCount</c> is the sum of the four). Text, video and documents are
    /// priced alike; audio and images are classes of their own.
    /// </summary>
    public readonly TokenUsage ToUsage()
    {
        var cached = Math.Min(_cached, _prompt);
        var fresh = _prompt - cached;
        var audio = Math.Clamp(_promptMedia.Audio - _cachedMedia.Audio, 0, fresh);
        var image = Math.Clamp(_promptMedia.Image - _cachedMedia.Image, 0, fresh - audio);
        var audioOut = Math.Min(_candidateMedia.Audio, _candidates);
        var imageOut = Math.Min(_candidateMedia.Image, _candidates - audioOut);
        return new TokenUsage(
            Input: Math.Min(fresh - audio - image + _toolPrompt, int.MaxValue),
            CachedInput: cached,
            Output: Math.Min(_candidates - audioOut - imageOut + _thoughts, int.MaxValue),
            Reasoning: _thoughts,
            AudioInput: audio,
            AudioOutput: audioOut,
            ImageInput: image,
            ImageOutput: imageOut);
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("promptTokenCount"u8)) _prompt = JsonReading.Count(ref reader);
        else if (reader.ValueTextEquals("cachedContentTokenCount"u8)) _cached = JsonReading.Count(ref reader);
        else if (reader.ValueTextEquals("candidatesTokenCount"u8)) _candidates = ReadAnswer(ref reader);
        else if (reader.ValueTextEquals("thoughtsTokenCount"u8)) _thoughts = ReadAnswer(ref reader);
        else if (reader.ValueTextEquals("toolUsePromptTokenCount"u8)) _toolPrompt = JsonReading.Count(ref reader);
        else if (reader.ValueTextEquals("promptTokensDetails"u8)) _promptMedia = Media.Read(ref reader);
        else if (reader.ValueTextEquals("cacheTokensDetails"u8)) _cachedMedia = Media.Read(ref reader);
        else if (reader.ValueTextEquals("candidatesTokensDetails"u8)) _candidateMedia = Media.Read(ref reader);
        else if (reader.ValueTextEquals("serviceTier"u8)) ServiceTier = JsonReading.Text(ref reader)?.ToLowerInvariant();
        else JsonReading.SkipValue(ref reader);
    }

    private long ReadAnswer(ref Utf8JsonReader reader)
    {
        var count = JsonReading.Count(ref reader);
        CountsAnswer |= count > 0;
        return count;
    }

    /// <summary>What a list of modalities counts apart from text.</summary>
    private readonly record struct Media(long Audio, long Image)
    {
        public static Media Read(ref Utf8JsonReader reader)
        {
            if (!JsonReading.EntersArray(ref reader)) return default;
            var media = default(Media);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject) media = media.With(ref reader);
                else reader.Skip();
            }

            return media;
        }

        private Media With(ref Utf8JsonReader reader)
        {
            string? modality = null;
            var count = 0L;
            while (JsonReading.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("modality"u8)) modality = JsonReading.Text(ref reader);
                else if (reader.ValueTextEquals("tokenCount"u8)) count = JsonReading.Count(ref reader);
                else JsonReading.SkipValue(ref reader);
            }

            return modality switch
            {
                "AUDIO" => this with { Audio = Audio + count },
                "IMAGE" => this with { Image = Image + count },
                _ => this,
            };
        }
    }
}
