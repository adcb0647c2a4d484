using System.Text.Json;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>The request of messages, which counting their tokens shares.</summary>
internal static class MessagesRequest
{
    /// <summary>Reads the object into which the cursor just stepped, up to the document's end.</summary>
    /// <param name="reader">The cursor.</param>
    /// <param name="needsMaxTokens">The bound on the answer is required.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static (CallRequest? Request, ProxyError? Error) Read(ref Utf8JsonReader reader, bool needsMaxTokens)
    {
        string? model = null, user = null, tier = null;
        bool stream = false, hasMessages = false;
        long? maxTokens = null;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("model"u8)) model = fields.Model(ref reader);
            else if (reader.ValueTextEquals("stream"u8)) stream = fields.Flag(ref reader, "stream");
            else if (reader.ValueTextEquals("metadata"u8)) user = ReadUser(ref reader, ref fields);
            else if (reader.ValueTextEquals("service_tier"u8)) tier = fields.Text(ref reader, "service_tier", CallRequest.MaxTierLength, printable: true);
            else if (reader.ValueTextEquals("max_tokens"u8)) maxTokens = ReadMaxTokens(ref reader, ref fields);
            else if (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("tools"u8))
            {
                hasMessages |= reader.ValueTextEquals("messages"u8);
                fields.Prompt(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        if (model is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (!hasMessages) return (null, ProxyErrors.InvalidField("messages", "is required"));
        if (needsMaxTokens && maxTokens is null) return (null, ProxyErrors.InvalidField("max_tokens", "is required"));
        return (new CallRequest(model)
        {
            Stream = stream,
            User = string.IsNullOrWhiteSpace(user) ? null : user,
            ServiceTier = tier,
            MaxOutputTokens = maxTokens,
            PromptBytes = fields.PromptBytes,
        }, null);
    }

    private static string? ReadUser(ref Utf8JsonReader reader, ref RequestFields fields)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        string? user = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("user_id"u8)) user = fields.Text(ref reader, "metadata.user_id", CallRequest.MaxUserLength);
            else JsonReading.SkipValue(ref reader);
        }

        return user;
    }

    /// <summary>0 writes the prompt cache and generates nothing (platform.claude.com/docs/en/build-with-claude/prompt-caching, "Pre-warming the cache").</summary>
    private static long? ReadMaxTokens(ref Utf8JsonReader reader, ref RequestFields fields)
    {
        var value = reader;
        value.Read();
        if (value.TokenType != JsonTokenType.Number || !value.TryGetInt64(out var count) || count != 0) return fields.Positive(ref reader, "max_tokens");
        reader.Read();
        return 0;
    }
}
