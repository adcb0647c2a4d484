using CsvHelper;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Requests;

/// <summary>The list of requests as a download: every row the filters leave, page by page.</summary>
internal static class RequestsCsv
{
    private static readonly string[] Columns =
    [
        "request_id", "started_at", "day", "team", "application", "key", "person", "environment", "data_class", "provider", "connection", "region",
        "requested_model", "model", "service_tier", "source", "outcome", "status", "error_code", "input_tokens", "cached_input_tokens",
        "cache_write_tokens", "cache_write_1h_tokens", "output_tokens", "reasoning_tokens", "audio_input_tokens", "audio_output_tokens",
        "image_input_tokens", "image_output_tokens", "images", "audio_ms", "searches", "tool_calls", "cost_usd", "saved_usd", "unpriced", "provenance", "price_id",
        "duration_ms", "time_to_first_byte_ms", "tags",
    ];

    public static void MapRequestsCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/requests.csv", GetAsync)
        .RequireAuthorization(Permissions.RequestsRead)
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(
        HttpContext http, OrganizationService organizations, RequestQueries queries, CostNames names, TimeProvider time,
        CancellationToken cancellation)
    {
        var (actor, organization) = await CsvDownload.ReaderAsync(http, organizations);
        var period = LedgerQuery.Period(http.Request.Query, organization.Zone, time);
        var filter = RequestsPage.FilterOf(
            TimeRange.Of(period.Days, organization.Zone), LedgerQuery.Scope(http.Request.Query), RequestState.Parse(http.Request.Query["outcome"]));
        var labels = await RequestNames.LoadAsync(names, actor, [], cancellation);
        var name = $"requests-{PeriodChoice.Iso(period.Days.From)}-{PeriodChoice.Iso(period.Days.To)}.csv";
        return CsvDownload.Stream(name, WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            for (string? cursor = null; ;)
            {
                var page = await queries.ListAsync(actor, filter, cursor, Page<RequestRow>.MaxSize, token);
                var known = labels with { People = await names.PeopleAsync(actor, page.Items.Select(row => row.Call.SubjectId), token) };
                foreach (var row in page.Items)
                {
                    Write(csv, row, known);
                    await csv.EndRecordAsync(token);
                }

                if (page.Next is null) return;
                cursor = page.Next;
            }
        }
    }

    private static void Write(CsvWriter csv, RequestRow row, RequestNames names)
    {
        var (call, outcome, usage, units) = (row.Call, row.Outcome, row.Usage, row.Units);
        csv.WriteField(PublicId.Format(PublicId.Request, call.Id));
        csv.WriteField(CsvDownload.Instant(call.StartedAt));
        csv.WriteField(call.Day);
        csv.WriteField(names.Team(call));
        csv.WriteField(names.Application(call));
        csv.WriteField(names.Key(call));
        csv.WriteField(names.Person(call));
        csv.WriteField(call.Environment);
        csv.WriteField(call.DataClass);
        csv.WriteField(row.Provider);
        csv.WriteField(row.Connection);
        csv.WriteField(row.Region);
        csv.WriteField(call.RequestedModel);
        csv.WriteField(outcome?.Model);
        csv.WriteField(outcome?.ServiceTier.ToString());
        csv.WriteField(call.Source.ToString());
        csv.WriteField(outcome?.Outcome.ToString() ?? "Open");
        csv.WriteField(outcome?.Status);
        csv.WriteField(outcome?.ErrorCode);
        long[] quantities =
        [
            usage.Input, usage.CachedInput, usage.CacheWrite, usage.CacheWrite1h, usage.Output, usage.Reasoning, usage.AudioInput, usage.AudioOutput,
            usage.ImageInput, usage.ImageOutput, units.Images, units.AudioMilliseconds, units.Searches, units.ToolCalls,
        ];
        foreach (var quantity in quantities) csv.WriteField(quantity);
        csv.WriteDollars(row.Cost);
        if (row.Saved is { } saved) csv.WriteDollars(saved);
        else csv.WriteField("");
        csv.WriteField(outcome?.Unpriced);
        csv.WriteField(row.Provenance?.ToString());
        csv.WriteField(outcome?.PriceId is { } price ? PublicId.Format(PublicId.Price, price) : null);
        csv.WriteField(outcome?.DurationMs);
        csv.WriteField(outcome?.TimeToFirstByteMs);
        csv.WriteField(string.Join("; ", call.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
    }
}
