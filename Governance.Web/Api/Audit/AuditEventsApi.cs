using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Governance.Web.Api.Audit;

/// <summary>
/// Sends events as they get their places in the log. The id of each is its index, so that whoever comes back with the last one they have
/// misses nothing, and a gap would show.
/// </summary>
internal static class AuditEventsApi
{
    private const string LastEventId = "Last-Event-ID";
    private const int BatchSize = 200;

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> FollowAsync(
        HttpContext http,
        AuditFeed feed,
        AuditStreams streams,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        IOptions<JsonOptions> json,
        [Description("Begins behind this index, -1 for the whole log. The header Last-Event-ID, which clients send when they come back, wins. Without either only what is new is sent.")] string? after)
    {
        var header = http.Request.Headers[LastEventId].ToString();
        if (!TryReadIndex(header.Length > 0 ? header : after, out var last))
            return ApiProblems.Invalid(header.Length > 0 ? LastEventId : "after", "give the index of an event, or -1.");
        using var place = streams.TryOpen();
        if (place is null) return ApiProblems.Busy("too_many_streams", $"{AuditStreams.Max} streams are open already. Try again later, or read /api/v1/audit/logs.");

        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (last is null)
            {
                var newest = await feed.EndAsync(http.User.ToActor(http), end.Token);
                if (!newest.Succeeded) return ApiProblems.Refused(newest.Refusal);
                last = newest.Value;
            }

            http.Response.ContentType = "text/event-stream";
            await SendAsync(http, ": the audit log\n\n", end.Token);
            await FollowAsync(http, feed, time, json.Value.SerializerOptions, last.Value, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client went, or the process stops.
        }

        return TypedResults.Empty;
    }

    /// <summary>Returns when whoever follows may not any more.</summary>
    private static async Task FollowAsync(HttpContext http, AuditFeed feed, TimeProvider time, JsonSerializerOptions json, long last, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PollEvery, time);
        var sentAt = time.GetTimestamp();
        while (await CallerAsync(http) is { } actor)
        {
            var entries = await feed.AfterAsync(actor, last, BatchSize, cancellation);
            if (!entries.Succeeded) return;

            var text = new StringBuilder();
            foreach (var row in entries.Value)
            {
                last = row.Index!.Value;
                text.Append(CultureInfo.InvariantCulture, $"id: {last}\ndata: {JsonSerializer.Serialize(AuditResource.From(row), json)}\n\n");
            }

            if (text.Length == 0 && time.GetElapsedTime(sentAt) >= HeartbeatEvery) text.Append(": still here\n\n");
            if (text.Length > 0)
            {
                await SendAsync(http, text.ToString(), cancellation);
                sentAt = time.GetTimestamp();
            }

            if (entries.Value.Count < BatchSize) await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Who the token means now: the request itself remembers what it meant when the stream began.</summary>
    private static async Task<Actor?> CallerAsync(HttpContext http)
    {
        var scheme = await http.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>().GetSchemeAsync(ApiBearer.Scheme);
        var bearer = http.RequestServices.GetRequiredService<ApiBearer>();
        await bearer.InitializeAsync(scheme!, http);
        return (await bearer.AuthenticateAsync()).Principal?.ToActor(http);
    }

    private static async Task SendAsync(HttpContext http, string text, CancellationToken cancellation)
    {
        await http.Response.WriteAsync(text, cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }

    private static bool TryReadIndex(string? text, out long? index)
    {
        index = null;
        if (text is null) return true;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) || read < -1) return false;
        index = read;
        return true;
    }
}
