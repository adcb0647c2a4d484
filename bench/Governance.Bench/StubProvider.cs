using System.Globalization;
using System.Text;

namespace Governance.Bench;

/// <summary>
/// Answers chat completions at once: a plain body, or a stream of twenty chunks and the usage. A prompt that says <c>pace=…;</c> has so many
/// milliseconds before each chunk.
/// </summary>
internal static class StubProvider
{
    /// <summary>What a prompt says before the milliseconds.</summary>
    public const string Pace = "pace=";

    /// <summary>How many chunks a stream has before its usage.</summary>
    public const int Chunks = 20;

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":0,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Twenty words or so of an answer that a model might give to a short question about a ledger."},"finish_reason":"stop"}],"usage":{"prompt_tokens":120,"completion_tokens":24,"total_tokens":144}}""");

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":0,"model":"gpt-5-mini","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}],"usage":null}""" + "\n\n");

    private static readonly byte[] End = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":0,"model":"gpt-5-mini","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":20,"total_tokens":140}}""" + "\n\ndata: [DONE]\n\n");

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var app = BareServer.Create();
        app.MapPost("/v1/chat/completions", AnswerAsync);
        await BareServer.ServeAsync(app, cancellation);
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var request = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        if (!request.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Plain.Length;
            await http.Response.Body.WriteAsync(Plain, http.RequestAborted);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        var pace = PaceOf(request);
        for (var i = 0; i < Chunks; i++)
        {
            if (pace > TimeSpan.Zero) await Task.Delay(pace, http.RequestAborted);
            await http.Response.Body.WriteAsync(Chunk, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await http.Response.Body.WriteAsync(End, http.RequestAborted);
    }

    private static TimeSpan PaceOf(string request) =>
        request.IndexOf(Pace, StringComparison.Ordinal) is >= 0 and var at
            ? TimeSpan.FromMilliseconds(int.Parse(request.AsSpan(at + Pace.Length, request.IndexOf(';', at) - at - Pace.Length), CultureInfo.InvariantCulture))
            : TimeSpan.Zero;
}
