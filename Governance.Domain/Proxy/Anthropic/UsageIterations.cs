using System.Text.Json;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>
/// What <c>usage.iterations</c> adds to the figures above it, which cover the sampling of the model that answered and nothing else:
/// <list type="bullet">
/// <item>a <c>compaction</c> is billed and not above ("sum across all entries", platform.claude.com/docs/en/build-with-claude/compaction);</item>
/// <item>an <c>advisor_message</c> is billed and not above (platform.claude.com/docs/en/agents-and-tools/tool-use/advisor-tool);</item>
/// <item>a <c>fallback_message</c> is the attempt above; each <c>message</c> before it is an attempt that declined, billed if it put anything
/// out, and otherwise by the refusal's category (platform.claude.com/docs/en/build-with-claude/refusals-and-fallback);</item>
/// <item>any other <c>message</c> is above;</item>
/// <item>a kind that nobody knows yet is added, so that it is not free.</item>
/// </list>
/// The ledger prices a call by one model, so what an advisor or a declined attempt used is priced as the model that answered.
/// </summary>
internal record struct UsageIterations
{
    private TokenCounts _messages;
    private TokenCounts _silentMessages;

    /// <summary>Billed beside the figures above.</summary>
    public TokenCounts Extra { get; private set; }

    /// <summary>Attempts that declined before any output; the refusal's category tells whether they are billed.</summary>
    public TokenCounts DeclinedSilently { get; private set; }

    /// <summary>The model that answered, where it was not the one asked for.</summary>
    public string? FallbackModel { get; private set; }

    /// <summary>Reads the property on whose name the cursor stands.</summary>
    public static UsageIterations Read(ref Utf8JsonReader reader)
    {
        var iterations = new UsageIterations();
        if (!JsonReading.EntersArray(ref reader)) return iterations;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) iterations.ReadIteration(ref reader);
            else reader.Skip();
        }

        return iterations;
    }

    private void ReadIteration(ref Utf8JsonReader reader)
    {
        var counts = new TokenCounts();
        string? type = null, model = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (counts.TryRead(ref reader)) continue;
            if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("model"u8)) model = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        switch (type)
        {
            case null or "message" when counts.Output > 0:
                _messages = _messages.Plus(counts);
                break;
            case null or "message":
                _silentMessages = _silentMessages.Plus(counts);
                break;
            case "fallback_message":
                Extra = Extra.Plus(_messages);
                DeclinedSilently = DeclinedSilently.Plus(_silentMessages);
                (_messages, _silentMessages, FallbackModel) = (default, default, model ?? FallbackModel);
                break;
            default:
                Extra = Extra.Plus(counts);
                break;
        }
    }
}
