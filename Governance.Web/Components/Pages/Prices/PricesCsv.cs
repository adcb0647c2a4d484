using CsvHelper;
using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Prices;

/// <summary>The price book as a download: every version of the models that the search finds, rates in dollars per million tokens, or for a piece.</summary>
internal static class PricesCsv
{
    private static readonly string[] Columns =
    [
        "price_id", "provider", "model", "state", "effective_from", "effective_to", "input_usd", "cached_input_usd", "cache_write_usd",
        "cache_write_1h_usd", "output_usd", "long_prompt_above", "long_input_usd", "long_cached_input_usd", "long_cache_write_usd",
        "long_cache_write_1h_usd", "long_output_usd", "batch_factor", "flex_factor", "priority_factor", "regional_factor", "audio_input_usd",
        "audio_output_usd", "image_input_usd", "image_output_usd", "request_usd", "image_usd", "audio_second_usd", "search_usd", "tool_call_usd",
        "context_window", "source", "notes", "created_at", "cancelled_at",
    ];

    public static void MapPricesCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/prices.csv", GetAsync)
        .RequireAuthorization(Permissions.PricesRead)
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(
        string? search, HttpContext http, OrganizationService organizations, PriceService prices, TimeProvider time, CancellationToken cancellation)
    {
        var (actor, organization) = await CsvDownload.ReaderAsync(http, organizations);
        var now = time.GetUtcNow();
        var models = ModelPrices.Group(await prices.ListAsync(actor, cancellation)).Where(model => model.Matches(search));
        return CsvDownload.Stream("prices.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            foreach (var version in models.SelectMany(model => model.Versions))
            {
                Write(csv, version, ModelPrices.StateOf(version, now));
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static void Write(CsvWriter csv, PriceVersion price, PriceState state)
    {
        csv.WriteField(PublicId.Format(PublicId.Price, price.Id));
        csv.WriteField(price.Provider);
        csv.WriteField(price.Model);
        csv.WriteField(state.ToString());
        csv.WriteField(CsvDownload.Instant(price.EffectiveFrom));
        csv.WriteField(CsvDownload.Instant(price.EffectiveTo));
        foreach (var nano in (long?[])[price.InputNano, price.CachedInputNano, price.CacheWriteNano, price.CacheWrite1hNano, price.OutputNano])
            Rate(nano);
        csv.WriteField(price.LongPromptAbove);
        foreach (var nano in (long?[])[price.LongInputNano, price.LongCachedInputNano, price.LongCacheWriteNano, price.LongCacheWrite1hNano, price.LongOutputNano])
            Rate(nano);
        foreach (var permille in (int[])[price.BatchPermille, price.FlexPermille, price.PriorityPermille, price.RegionalPermille])
            csv.WriteField(permille / 1000m);
        long?[] media = [price.AudioInputNano, price.AudioOutputNano, price.ImageInputNano, price.ImageOutputNano];
        long?[] pieces = [price.RequestNano, price.ImageNano, price.AudioSecondNano, price.SearchNano, price.ToolCallNano];
        foreach (var nano in (long?[])[.. media, .. pieces]) Rate(nano);
        csv.WriteField(price.ContextWindow);
        csv.WriteField(price.Source);
        csv.WriteField(price.Notes);
        csv.WriteField(CsvDownload.Instant(price.CreatedAt));
        csv.WriteField(CsvDownload.Instant(price.CancelledAt));

        void Rate(long? nano)
        {
            if (nano is { } rate) csv.WriteDollars(new Money(rate));
            else csv.WriteField("");
        }
    }
}
