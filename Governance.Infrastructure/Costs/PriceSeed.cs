using System.Globalization;
using CsvHelper;
using Governance.Domain.Costs;

namespace Governance.Infrastructure.Costs;

/// <summary>The price book an organisation starts with: prices.csv, in US dollars per million tokens or a piece, each row with its source.</summary>
public static class PriceSeed
{
    public static IReadOnlyList<PriceVersion> For(Guid organizationId, DateTimeOffset now)
    {
        using var stream = typeof(PriceSeed).Assembly.GetManifestResourceStream("prices.csv")!;
        using var csv = CsvReader.Create(stream);
        var prices = new List<PriceVersion>();
        while (csv.Read()) prices.Add(Read(csv, organizationId, now));
        return prices;
    }

    private static PriceVersion Read(CsvReader row, Guid organizationId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = organizationId,
        Provider = row.GetString("provider"),
        Model = row.GetString("model"),
        EffectiveFrom = Midnight(row, "effective_from") ?? throw new InvalidDataException("A price has no start."),
        EffectiveTo = Midnight(row, "effective_to"),
        InputNano = Nano(row, "input") ?? 0,
        OutputNano = Nano(row, "output") ?? 0,
        CachedInputNano = Nano(row, "cached_input"),
        CacheWriteNano = Nano(row, "cache_write"),
        CacheWrite1hNano = Nano(row, "cache_write_1h"),
        LongPromptAbove = Count(row, "long_threshold"),
        LongInputNano = Nano(row, "long_input"),
        LongOutputNano = Nano(row, "long_output"),
        LongCachedInputNano = Nano(row, "long_cached_input"),
        LongCacheWriteNano = Nano(row, "long_cache_write"),
        LongCacheWrite1hNano = Nano(row, "long_cache_write_1h"),
        BatchPermille = Permille(row, "batch"),
        FlexPermille = Permille(row, "flex"),
        PriorityPermille = Permille(row, "priority"),
        RegionalPermille = Permille(row, "regional"),
        AudioInputNano = Nano(row, "audio_input"),
        AudioOutputNano = Nano(row, "audio_output"),
        ImageInputNano = Nano(row, "image_input"),
        ImageOutputNano = Nano(row, "image_output"),
        RequestNano = Nano(row, "request"),
        ImageNano = Nano(row, "image"),
        AudioSecondNano = Nano(row, "audio_second"),
        SearchNano = Nano(row, "search"),
        ToolCallNano = Nano(row, "tool_call"),
        ContextWindow = Count(row, "context_window"),
        Source = row.GetString("source"),
        Notes = Text(row, "notes"),
        CreatedAt = now,
    };

    private static string? Text(CsvReader row, string column) => row.GetString(column) is { Length: > 0 } text ? text : null;

    private static decimal? Number(CsvReader row, string column) =>
        Text(row, column) is { } text ? decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : null;

    private static long? Nano(CsvReader row, string column) => Number(row, column) is { } dollars ? Money.FromDollars(dollars).NanoUsd : null;

    private static long? Count(CsvReader row, string column) => (long?)Number(row, column);

    private static int Permille(CsvReader row, string column) => (int)((Number(row, column) ?? 1) * 1000);

    private static DateTimeOffset? Midnight(CsvReader row, string column) => Text(row, column) is { } text
        ? new DateTimeOffset(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
        : null;
}
