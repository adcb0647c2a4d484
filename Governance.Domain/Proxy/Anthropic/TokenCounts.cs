using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>
/// The counts of a usage object, as far as reported. A later report replaces the counts it names and leaves the others, as the totals of
/// <c>message_delta</c> do with those of <c>message_start</c>.
/// </summary>
internal record struct TokenCounts
{
    private long _cacheWrites;
    private long _cacheWrites5m;
    private long _cacheWrites1h;

    public long Input { get; private set; }

    public long CacheRead { get; private set; }

    public long Output { get; private set; }

    public long Thinking { get; private set; }

    /// <summary>Whether the output was among what was read.</summary>
    public bool HasOutput { get; set; }

    /// <summary>
    /// The counts by class. <c>input_tokens</c> leaves out what was read from and written to a cache, and <c>output_tokens</c> holds the
    /// thinking (platform.claude.com/docs/en/api/messages, <c>usage</c>). Writes that are not divided by lifetime are of five minutes, the
    /// default (platform.claude.com/docs/en/build-with-claude/prompt-caching).
    /// </summary>
    public readonly TokenUsage ToUsage()
    {
        var writes = Math.Max(_cacheWrites, _cacheWrites5m + _cacheWrites1h);
        return new TokenUsage(
            Bounded(Input), Bounded(CacheRead), Bounded(writes - _cacheWrites1h), Bounded(_cacheWrites1h), Bounded(Output), Bounded(Math.Min(Thinking, Output)));
    }

    /// <summary>The sum with counts that stand beside these.</summary>
    public readonly TokenCounts Plus(TokenCounts other) => new()
    {
        Input = Input + other.Input,
        CacheRead = CacheRead + other.CacheRead,
        _cacheWrites = Math.Max(_cacheWrites, _cacheWrites5m + _cacheWrites1h) + Math.Max(other._cacheWrites, other._cacheWrites5m + other._cacheWrites1h),
        _cacheWrites1h = _cacheWrites1h + other._cacheWrites1h,
        Output = Output + other.Output,
        Thinking = Math.Min(Thinking, Output) + Math.Min(other.Thinking, other.Output),
        HasOutput = HasOutput || other.HasOutput,
    };

    /// <summary>Reads the property on which the cursor stands, if it is a count; otherwise the cursor stays.</summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("input_tokens"u8)) Input = Replaced(ref reader, Input);
        else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) CacheRead = Replaced(ref reader, CacheRead);
        else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) _cacheWrites = Replaced(ref reader, _cacheWrites);
        else if (reader.ValueTextEquals("cache_creation"u8)) ReadCacheCreation(ref reader);
        else if (reader.ValueTextEquals("output_tokens"u8)) ReadOutput(ref reader);
        else if (reader.ValueTextEquals("output_tokens_details"u8)) ReadOutputDetails(ref reader);
        else return false;
        return true;
    }

    private static long Bounded(long count) => Math.Min(count, int.MaxValue);

    /// <summary>A number replaces what was there; null and anything else does not.</summary>
    private static long Replaced(ref Utf8JsonReader reader, long present)
    {
        var value = reader;
        value.Read();
        if (value.TokenType == JsonTokenType.Number) return JsonReading.Count(ref reader);
        JsonReading.SkipValue(ref reader);
        return present;
    }

    private void ReadOutput(ref Utf8JsonReader reader)
    {
        Output = Replaced(ref reader, Output);
        HasOutput |= reader.TokenType == JsonTokenType.Number;
    }

    private void ReadCacheCreation(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("ephemeral_5m_input_tokens"u8)) _cacheWrites5m = Replaced(ref reader, _cacheWrites5m);
            else if (reader.ValueTextEquals("ephemeral_1h_input_tokens"u8)) _cacheWrites1h = Replaced(ref reader, _cacheWrites1h);
            else JsonReading.SkipValue(ref reader);
        }
    }

    private void ReadOutputDetails(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("thinking_tokens"u8)) Thinking = Replaced(ref reader, Thinking);
            else JsonReading.SkipValue(ref reader);
        }
    }
}
