using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>What the proxy needs to know of a chat-completions request, read without building a document.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Stream">Whether the answer is to be streamed.</param>
/// <param name="IncludeUsage">Whether the caller asked for the usage chunk of a stream.</param>
/// <param name="User">The caller's end-user id, if it sent one.</param>
/// <param name="ServiceTier">The tier asked for, if any.</param>
/// <param name="MaxOutputTokens">The caller's own bound on the answer, if any.</param>
/// <param name="PromptTokensEstimate">A rough size of the prompt, used only where the provider reports none.</param>
public sealed record ChatRequest(
    string Model, bool Stream, bool IncludeUsage, string? User, string? ServiceTier, long? MaxOutputTokens, long PromptTokensEstimate)
{
    private const int MaxModelLength = 200;
    private const int MaxUserLength = 512;
    private const int MaxTierLength = 64;

    /// <summary>Reads a body; answers either the request or the error to send.</summary>
    public static (ChatRequest? Request, ProxyError? Error) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadObject(body);
        }
        catch (JsonException exception)
        {
            return (null, ProxyErrors.InvalidJson(Describe(exception)));
        }
        catch (InvalidOperationException)
        {
            return (null, ProxyErrors.InvalidJson("a string holds an invalid character sequence."));
        }
    }

    /// <summary>
    /// The body with <c>stream_options.include_usage</c> set, every other byte as it was. OpenAI reports a stream's usage only
    /// when asked (platform.openai.com/docs/api-reference/chat/create, <c>stream_options</c>).
    /// </summary>
    public static byte[] WithUsageRequested(ReadOnlySpan<byte> body)
    {
        // A name may be repeated, and readers differ in which one counts, so every one is set.
        var reader = new Utf8JsonReader(body);
        var result = new ArrayBufferWriter<byte>(body.Length + 64);
        reader.Read();
        var (insertAt, copied, empty, found) = ((int)reader.TokenStartIndex + 1, 0, true, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            var isOptions = reader.ValueTextEquals("stream_options"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isOptions) continue;

            found = true;
            result.Write(body[copied..start]);
            WriteOptions(body[start..(int)reader.BytesConsumed], result);
            copied = (int)reader.BytesConsumed;
        }

        if (!found)
        {
            result.Write(body[..insertAt]);
            result.Write("\"stream_options\":{\"include_usage\":true}"u8);
            if (!empty) result.Write(","u8);
            copied = insertAt;
        }

        result.Write(body[copied..]);
        return result.WrittenSpan.ToArray();
    }

    private static (ChatRequest?, ProxyError?) ReadObject(ReadOnlySpan<byte> body)
    {
        string? model = null, user = null, tier = null;
        bool stream = false, includeUsage = false, hasMessages = false;
        long? maxTokens = null;
        long promptBytes = 0;

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return (null, ProxyErrors.InvalidJson("it must be one object."));

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                model = String(ref reader);
                if (string.IsNullOrWhiteSpace(model) || model.Length > MaxModelLength || model.Any(char.IsControl))
                    return (null, ProxyErrors.InvalidField("model", $"must be a string of 1 to {MaxModelLength} printable characters"));
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                    return (null, ProxyErrors.InvalidField("stream", "must be true or false"));
                stream = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("stream_options"u8))
            {
                reader.Read();
                includeUsage = ReadIncludeUsage(ref reader);
            }
            else if (reader.ValueTextEquals("user"u8))
            {
                reader.Read();
                user = String(ref reader);
                if (user?.Length > MaxUserLength)
                    return (null, ProxyErrors.InvalidField("user", $"must be at most {MaxUserLength} characters"));
            }
            else if (reader.ValueTextEquals("service_tier"u8))
            {
                reader.Read();
                tier = String(ref reader);
                if (tier?.Length > MaxTierLength || tier?.Any(char.IsControl) == true)
                    return (null, ProxyErrors.InvalidField("service_tier", $"must be at most {MaxTierLength} printable characters"));
            }
            else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value > 0) maxTokens = value;
                else if (reader.TokenType != JsonTokenType.Null)
                    return (null, ProxyErrors.InvalidField("max_completion_tokens", "must be a positive whole number"));
            }
            else if (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("tools"u8))
            {
                hasMessages |= reader.ValueTextEquals("messages"u8);
                reader.Read();
                var start = reader.TokenStartIndex;
                reader.Skip();
                promptBytes += reader.BytesConsumed - start;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // Reading on to the end proves that nothing follows the object.
        while (reader.Read())
        {
        }

        if (model is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (!hasMessages) return (null, ProxyErrors.InvalidField("messages", "is required"));
        return (new ChatRequest(model, stream, includeUsage, string.IsNullOrWhiteSpace(user) ? null : user, tier, maxTokens,
            TokenEstimate.FromBytes(promptBytes)), null);
    }

    private static bool ReadIncludeUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var include = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isUsage) include = reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return include;
    }

    /// <summary>Writes options that ask for usage: the old ones with <c>include_usage</c> set, or new ones in place of what is no object.</summary>
    private static void WriteOptions(ReadOnlySpan<byte> options, ArrayBufferWriter<byte> result)
    {
        var reader = new Utf8JsonReader(options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            result.Write("""{"include_usage":true}"""u8);
            return;
        }

        var (copied, empty, found) = (0, true, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isUsage) continue;

            found = true;
            result.Write(options[copied..start]);
            result.Write("true"u8);
            copied = (int)reader.BytesConsumed;
        }

        if (!found)
        {
            result.Write("{\"include_usage\":true"u8);
            if (!empty) result.Write(","u8);
            copied = 1;
        }

        result.Write(options[copied..]);
    }

    private static string? String(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    /// <summary>Where the JSON broke, without repeating any of it: a body is never quoted back.</summary>
    private static string Describe(JsonException exception) =>
        new StringBuilder("it breaks at line ").Append((exception.LineNumber ?? 0) + 1)
            .Append(", byte ").Append(exception.BytePositionInLine ?? 0).Append('.').ToString();
}
