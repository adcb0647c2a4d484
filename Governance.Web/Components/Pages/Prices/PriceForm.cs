using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Components.Pages.Prices;

/// <summary>What a person types to add a price.</summary>
public sealed class PriceForm
{
    public string Provider { get; set; } = "openai";

    public string Model { get; set; } = "";

    /// <summary>The first day it holds, in the reporting zone; none for right away.</summary>
    public DateOnly? From { get; set; }

    public decimal? Input { get; set; }

    public decimal? Output { get; set; }

    public decimal? CachedInput { get; set; }

    public decimal? CacheWrite { get; set; }

    public decimal? CacheWrite1h { get; set; }

    public decimal? AudioInput { get; set; }

    public decimal? AudioOutput { get; set; }

    public decimal? ImageInput { get; set; }

    public decimal? ImageOutput { get; set; }

    public decimal? PerRequest { get; set; }

    public decimal? PerImage { get; set; }

    public decimal? PerAudioSecond { get; set; }

    public decimal? PerSearch { get; set; }

    public decimal? PerToolCall { get; set; }

    public long? LongPromptAbove { get; set; }

    public decimal? LongInput { get; set; }

    public decimal? LongOutput { get; set; }

    public decimal? LongCachedInput { get; set; }

    public decimal? LongCacheWrite { get; set; }

    public decimal Batch { get; set; } = 1;

    public decimal Flex { get; set; } = 1;

    public decimal Priority { get; set; } = 1;

    public string Source { get; set; } = "";

    public string Notes { get; set; } = "";

    /// <summary>What is asked of the service; the two rates that every price has must be given.</summary>
    public NewPrice? ToPrice(ReportingZone zone) => Input is not { } input || Output is not { } output ? null : new NewPrice
    {
        Provider = Provider,
        Model = Model,
        EffectiveFrom = From is { } day ? zone.StartOf(day) : null,
        Input = input,
        Output = output,
        CachedInput = CachedInput,
        CacheWrite = CacheWrite,
        CacheWrite1h = CacheWrite1h,
        AudioInput = AudioInput,
        AudioOutput = AudioOutput,
        ImageInput = ImageInput,
        ImageOutput = ImageOutput,
        PerRequest = PerRequest,
        PerImage = PerImage,
        PerAudioSecond = PerAudioSecond,
        PerSearch = PerSearch,
        PerToolCall = PerToolCall,
        LongPromptAbove = LongPromptAbove,
        LongInput = LongInput,
        LongOutput = LongOutput,
        LongCachedInput = LongCachedInput,
        LongCacheWrite = LongCacheWrite,
        Batch = Batch,
        Flex = Flex,
        Priority = Priority,
        Source = Source,
        Notes = Notes,
    };
}
