using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Api;

/// <summary>A call with its ledger entries. What is null is not known, does not apply, or has not happened yet.</summary>
/// <param name="RequestId">req_…, also sent as the header x-governance-request-id.</param>
/// <param name="OrganizationId">The organisation.</param>
/// <param name="StartedAt">When the call reached the proxy.</param>
/// <param name="Day">That moment's day in the organisation's reporting zone.</param>
/// <param name="Hour">The hour of that day.</param>
/// <param name="TeamId">The team.</param>
/// <param name="ApplicationId">The application.</param>
/// <param name="KeyId">The virtual key.</param>
/// <param name="SubjectId">The end user, as an internal id.</param>
/// <param name="Tags">The caller's labels.</param>
/// <param name="Environment">Where the application runs.</param>
/// <param name="DataClass">The class of data the key may send.</param>
/// <param name="Provider">Whose API was called.</param>
/// <param name="Connection">The configured connection; 'sandbox' for the built-in provider.</param>
/// <param name="Region">The region of a regional endpoint.</param>
/// <param name="RequestedModel">The model asked for.</param>
/// <param name="ActualModel">The model the provider says it ran.</param>
/// <param name="ServiceTier">The tier that was billed.</param>
/// <param name="Stream">Whether the answer was streamed.</param>
/// <param name="Source">Proxy or import.</param>
/// <param name="Open">Whether the call has not ended.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The HTTP status the caller got.</param>
/// <param name="ErrorCode">The error's stable code.</param>
/// <param name="InputTokens">Fresh prompt tokens, corrections included, as all figures here.</param>
/// <param name="CachedInputTokens">Prompt tokens read from a cache.</param>
/// <param name="CacheWriteTokens">Prompt tokens written to a cache.</param>
/// <param name="CacheWrite1hTokens">Those written to a cache for an hour.</param>
/// <param name="OutputTokens">Completion tokens, reasoning included.</param>
/// <param name="ReasoningTokens">Reasoning tokens.</param>
/// <param name="AudioInputTokens">Fresh prompt tokens of audio.</param>
/// <param name="AudioOutputTokens">Tokens of audio in the answer.</param>
/// <param name="ImageInputTokens">Fresh prompt tokens of images.</param>
/// <param name="ImageOutputTokens">Tokens of images in the answer.</param>
/// <param name="Images">Images made.</param>
/// <param name="AudioMilliseconds">Audio that is priced by its length.</param>
/// <param name="Searches">Searches that the provider ran.</param>
/// <param name="ToolCalls">Other tools that the provider ran.</param>
/// <param name="PriceVersion">price_…, the price version the cost was computed with.</param>
/// <param name="CostNanoUsd">The cost in nano-dollars.</param>
/// <param name="SavedNanoUsd">What the stored answer had cost, in nano-dollars, if the call was answered from the response cache; else null.</param>
/// <param name="Unpriced">Whether tokens were used that have no price.</param>
/// <param name="Provenance">Whether the provider reported the tokens or they were estimated.</param>
/// <param name="LatencyMs">From start to end.</param>
/// <param name="TimeToFirstByteMs">From start to the provider's first byte.</param>
/// <param name="Entries">The ledger entries: the outcome, then corrections.</param>
/// <param name="Attempts">The attempts to reach a provider; absent in lists.</param>
public sealed record RequestResource(
    string RequestId, Guid OrganizationId, DateTimeOffset StartedAt, DateOnly Day, int Hour, Guid? TeamId, Guid? ApplicationId, string? KeyId,
    Guid? SubjectId, IReadOnlyDictionary<string, string> Tags, string? Environment, string? DataClass, string Provider, string? Connection,
    string? Region, string? RequestedModel, string? ActualModel, ServiceTier? ServiceTier, bool Stream, CallSource Source, bool Open,
    CallOutcome? Outcome, int? Status, string? ErrorCode, long InputTokens, long CachedInputTokens, long CacheWriteTokens, long CacheWrite1hTokens,
    long OutputTokens, long ReasoningTokens, long AudioInputTokens, long AudioOutputTokens, long ImageInputTokens, long ImageOutputTokens,
    long Images, long AudioMilliseconds, long Searches, long ToolCalls, string? PriceVersion, long CostNanoUsd, long? SavedNanoUsd, bool Unpriced, Provenance? Provenance,
    int? LatencyMs, int? TimeToFirstByteMs, IReadOnlyList<EntryResource> Entries, IReadOnlyList<AttemptResource>? Attempts)
{
    public static RequestResource From(RequestRow row, IReadOnlyList<CallAttempt>? attempts = null)
    {
        var (call, outcome, latest, usage, units) = (row.Call, row.Outcome, row.Entries is [.., var last] ? last : null, row.Usage, row.Units);
        return new RequestResource(
            PublicId.Format(PublicId.Request, call.Id), call.OrganizationId, call.StartedAt, call.Day, call.Hour, call.TeamId, call.ApplicationId,
            call.KeyId is { } key ? PublicId.Format(PublicId.Key, key) : null, call.SubjectId, call.Tags, call.Environment, call.DataClass,
            row.Provider, row.Connection, row.Region, call.RequestedModel, latest?.ActualModel, latest?.ServiceTier, call.Stream, call.Source,
            row.IsOpen, outcome?.Outcome, outcome?.Status, outcome?.ErrorCode, usage.Input, usage.CachedInput, usage.CacheWrite, usage.CacheWrite1h,
            usage.Output, usage.Reasoning, usage.AudioInput, usage.AudioOutput, usage.ImageInput, usage.ImageOutput, units.Images,
            units.AudioMilliseconds, units.Searches, units.ToolCalls, PriceId(latest), row.Cost.NanoUsd, row.Saved?.NanoUsd, latest?.Unpriced ?? false, row.Provenance, outcome?.DurationMs,
            outcome?.TimeToFirstByteMs, [.. row.Entries.Select(EntryResource.From)], attempts is null ? null : [.. attempts.Select(AttemptResource.From)]);
    }

    internal static string? PriceId(LedgerEntry? entry) =>
        entry?.PriceId is { } price ? PublicId.Format(PublicId.Price, price) : null;
}

/// <summary>A ledger entry: an outcome, or a correction that carries the difference to what was booked before.</summary>
public sealed record EntryResource(
    Guid EntryId, CallSource Source, DateTimeOffset RecordedAt, CallOutcome Outcome, long InputTokens, long CachedInputTokens, long CacheWriteTokens,
    long CacheWrite1hTokens, long OutputTokens, long ReasoningTokens, long AudioInputTokens, long AudioOutputTokens, long ImageInputTokens,
    long ImageOutputTokens, long Images, long AudioMilliseconds, long Searches, long ToolCalls, string? PriceVersion, long CostNanoUsd,
    Provenance Provenance, string? Reason)
{
    internal static EntryResource From(LedgerEntry entry) => new(
        entry.Id, entry.Source, entry.RecordedAt, entry.Outcome, entry.InputTokens, entry.CachedInputTokens, entry.CacheWriteTokens,
        entry.CacheWrite1hTokens, entry.OutputTokens, entry.ReasoningTokens, entry.AudioInputTokens, entry.AudioOutputTokens,
        entry.ImageInputTokens, entry.ImageOutputTokens, entry.Images, entry.AudioMilliseconds, entry.Searches, entry.ToolCalls, RequestResource.PriceId(entry), entry.CostNanoUsd, entry.Provenance,
        entry.Reason);
}

/// <summary>One attempt to reach a provider; its model is null where the API names none.</summary>
public sealed record AttemptResource(
    int Number, string Connection, string? Model, DateTimeOffset StartedAt, int LatencyMs, int? Status, string? ErrorCode, string? ProviderRequestId)
{
    internal static AttemptResource From(CallAttempt attempt) => new(
        attempt.Number, attempt.Connection, attempt.Model, attempt.StartedAt, attempt.DurationMs, attempt.Status, attempt.ErrorCode, attempt.ProviderRequestId);
}
