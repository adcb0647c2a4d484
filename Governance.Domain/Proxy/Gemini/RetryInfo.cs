using System.Globalization;
using System.Text.Json;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// Reads how long to wait out of an error's details: a <c>google.rpc.RetryInfo</c>, whose delay is a duration in JSON such as <c>34.4s</c>
/// (protobuf.dev/reference/protobuf/google.protobuf/#duration).
/// </summary>
internal static class RetryInfo
{
    private const int MaxSeconds = 24 * 60 * 60;

    /// <summary>Reads the property on whose name the cursor stands; none if it holds no such delay.</summary>
    public static TimeSpan? Read(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return null;
        TimeSpan? delay = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) delay = ReadDetail(ref reader) ?? delay;
            else reader.Skip();
        }

        return delay;
    }

    private static TimeSpan? ReadDetail(ref Utf8JsonReader reader)
    {
        string? type = null, delay = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("@type"u8)) type = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("retryDelay"u8)) delay = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return type is not null && type.EndsWith("google.rpc.RetryInfo", StringComparison.Ordinal) ? Parse(delay) : null;
    }

    private static TimeSpan? Parse(string? delay) =>
        delay is not null && delay.EndsWith('s')
        && decimal.TryParse(delay.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromTicks((long)(Math.Min(seconds, MaxSeconds) * TimeSpan.TicksPerSecond))
            : null;
}
