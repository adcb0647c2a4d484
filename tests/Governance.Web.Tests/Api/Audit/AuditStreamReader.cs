using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Governance.Web.Tests.Api.Audit;

/// <summary>Follows the log as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal sealed class AuditStreamReader(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    /// <summary>A stream, once the server has a place for it: those of earlier tests may still be ending.</summary>
    public static Task<AuditStreamReader> OpenAsync(HttpClient client, string query = "", string? lastEventId = null) =>
        Eventually.SomeAsync(() => TryOpenAsync(client, query, lastEventId), "there was a place for a stream");

    /// <summary>A stream; none if the server has no place for it.</summary>
    public static async Task<AuditStreamReader?> TryOpenAsync(HttpClient client, string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit/events" + query);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            response.Dispose();
            return null;
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var stream = new AuditStreamReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
        Assert.StartsWith(":", await stream.LineAsync(), StringComparison.Ordinal); // It has begun.
        return stream;
    }

    /// <summary>The next line that is not empty; none at the end.</summary>
    public async Task<string?> LineAsync()
    {
        string? line;
        do line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line == "");
        return line;
    }

    /// <summary>The next event.</summary>
    public async Task<(long Id, JsonElement Data)> NextAsync()
    {
        var id = await LineAsync();
        while (id!.StartsWith(':')) id = await LineAsync();
        var data = await LineAsync();
        return (long.Parse(id["id: ".Length..], CultureInfo.InvariantCulture), JsonDocument.Parse(data!["data: ".Length..]).RootElement);
    }

    /// <summary>Waits for the end, whatever comes before it.</summary>
    public async Task EndAsync()
    {
        while (await LineAsync() is not null)
        {
            // Not yet.
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
