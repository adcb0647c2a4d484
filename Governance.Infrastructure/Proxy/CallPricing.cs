using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy;

/// <summary>Turns a call and its result into the ledger entry that books it, and a later truth into the entry that corrects it.</summary>
public static class CallPricing
{
    public const string UnknownModel = "(unknown)";

    /// <summary>The entry with the call's outcome.</summary>
    public static LedgerEntry Book(Call call, CallResult result, PriceBook book)
    {
        var (usage, units) = (result.Usage, result.Units);
        var site = SiteOf(call, result);
        var used = usage.Total > 0 || units.Any;
        var requests = used || result.Worked ? 1L : 0L;
        var tier = ServiceTiers.Parse(result.ServiceTier ?? call.RequestedTier);
        var price = requests > 0 ? FindPrice(site, call.StartedAt, result, book) : null;
        if (!used && price?.Units.Request is null) price = null;
        var cost = price is null ? Money.Zero : CostCalculator.Total(price, usage, tier, site.Region is not null, units, requests);
        return new LedgerEntry
        {
            Id = Guid.CreateVersion7(result.EndedAt),
            OrganizationId = call.OrganizationId,
            CallId = call.Id,
            Source = call.Source,
            RecordedAt = result.EndedAt,
            StartedAt = call.StartedAt,
            Day = call.Day,
            Hour = call.Hour,
            TeamId = call.TeamId,
            ApplicationId = call.ApplicationId,
            KeyId = call.KeyId,
            SubjectId = call.SubjectId,
            Environment = call.Environment,
            Provider = site.Provider,
            Connection = site.Connection,
            Model = site.Model ?? result.ActualModel ?? UnknownModel,
            ActualModel = result.ActualModel,
            ServiceTier = tier,
            InputTokens = usage.Input,
            CachedInputTokens = usage.CachedInput,
            CacheWriteTokens = usage.CacheWrite,
            CacheWrite1hTokens = usage.CacheWrite1h,
            OutputTokens = usage.Output,
            ReasoningTokens = usage.Reasoning,
            AudioInputTokens = usage.AudioInput,
            AudioOutputTokens = usage.AudioOutput,
            ImageInputTokens = usage.ImageInput,
            ImageOutputTokens = usage.ImageOutput,
            Images = units.Images,
            AudioMilliseconds = units.AudioMilliseconds,
            Searches = units.Searches,
            ToolCalls = units.ToolCalls,
            BilledRequests = requests,
            ContentBytes = result.ContentBytes,
            PriceId = price?.Id,
            CostNanoUsd = cost.NanoUsd,
            SavedNanoUsd = result.SavedNanoUsd,
            Unpriced = price is null && used,
            Overrun = cost.NanoUsd > (call.CeilingNanoUsd ?? long.MaxValue),
            Provenance = result.Provenance,
            Outcome = result.Outcome,
            Status = result.Status,
            ErrorCode = result.ErrorCode,
            DurationMs = Milliseconds(result.EndedAt - call.StartedAt),
            TimeToFirstByteMs = result.FirstByteAt is { } first ? Milliseconds(first - call.StartedAt) : null,
            RequestCount = 1,
        };
    }

    /// <summary>The entry that turns what is booked into the truth: it carries the difference, so that sums are right.</summary>
    /// <param name="id">The id of what causes the correction, so that one cause is booked once however often it is worked on.</param>
    /// <param name="now">When it is recorded.</param>
    /// <param name="booked">What stands in the ledger.</param>
    /// <param name="truth">What should, for the same call.</param>
    /// <param name="reason">Why it differs.</param>
    public static LedgerEntry Correct(Guid id, DateTimeOffset now, LedgerEntry booked, LedgerEntry truth, string reason) => truth with
    {
        Id = id,
        Source = CallSource.Correction,
        RecordedAt = now,
        Model = booked.Model,
        InputTokens = truth.InputTokens - booked.InputTokens,
        CachedInputTokens = truth.CachedInputTokens - booked.CachedInputTokens,
        CacheWriteTokens = truth.CacheWriteTokens - booked.CacheWriteTokens,
        CacheWrite1hTokens = truth.CacheWrite1hTokens - booked.CacheWrite1hTokens,
        OutputTokens = truth.OutputTokens - booked.OutputTokens,
        ReasoningTokens = truth.ReasoningTokens - booked.ReasoningTokens,
        AudioInputTokens = truth.AudioInputTokens - booked.AudioInputTokens,
        AudioOutputTokens = truth.AudioOutputTokens - booked.AudioOutputTokens,
        ImageInputTokens = truth.ImageInputTokens - booked.ImageInputTokens,
        ImageOutputTokens = truth.ImageOutputTokens - booked.ImageOutputTokens,
        Images = truth.Images - booked.Images,
        AudioMilliseconds = truth.AudioMilliseconds - booked.AudioMilliseconds,
        Searches = truth.Searches - booked.Searches,
        ToolCalls = truth.ToolCalls - booked.ToolCalls,
        BilledRequests = truth.BilledRequests - booked.BilledRequests,
        ContentBytes = truth.ContentBytes - booked.ContentBytes,
        CostNanoUsd = truth.CostNanoUsd - booked.CostNanoUsd,
        RequestCount = 0,
        Reason = reason,
    };

    /// <summary>
    /// The price of the model that answered, if it has one of its own or of its family; else of the model asked for. An alias such
    /// as a deployment's name is thereby priced by what it stands for.
    /// </summary>
    private static Price? FindPrice(Site site, DateTimeOffset at, CallResult result, PriceBook book) =>
        (result.ActualModel is { } actual ? book.Find(site.Provider, actual, at) : null)
        ?? (site.Model is { } requested ? book.Find(site.Provider, requested, at) : null);

    /// <summary>Where the call was answered: where it was opened for, unless it fell back to elsewhere.</summary>
    private static Site SiteOf(Call call, CallResult result) => result.Site is { } answered
        ? new Site(answered.Provider, answered.Connection, answered.Region, answered.Model)
        : new Site(call.Provider, call.Connection, call.Region, call.RequestedModel);

    private readonly record struct Site(string Provider, string? Connection, string? Region, string? Model);

    private static int Milliseconds(TimeSpan span) => (int)Math.Clamp(span.TotalMilliseconds, 0, int.MaxValue);
}
