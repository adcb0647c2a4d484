using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Governance.Bench;

/// <summary>
/// Answers chat completions at once: a plain body, or a stream of twenty chunks and the usage. A prompt that says <c>pace=…;</c> has so many
/// milliseconds before each chunk, and its first chunk says how long it was kept.
/// </summary>
internal static class StubProvider
{
    /// <summary>What a prompt says before the milliseconds.</summary>
    public const string Pace = "pace=";

    /// <summary>How many chunks a stream has before its usage.</summary>
    public const int Chunks = 20;

    /// <summary>What a stream's first chunk says before the microseconds that it was kept.</summary>
    private const string Kept = "kept=";

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":0,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Twenty words or so of an answer that a model might give to a short question about a ledger."},"finish_reason":"stop"}],"usage":{"prompt_tokens":120,"completion_tokens":24,"total_tokens":144}}""");

    private static readonly byte[] Chunk = ChunkOf(" word");

    private static readonly byte[] End = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":0,"model":"gpt-5-mini","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":20,"total_tokens":140}}""" + "\n\ndata: [DONE]\n\n");

    private static readonly Pacer Pacer = new();

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
        var (pace, asked) = (PaceOf(request), Stopwatch.GetTimestamp());
        for (var i = 0; i < Chunks; i++)
        {
            if (pace > TimeSpan.Zero) await Pacer.WaitAsync(pace).WaitAsync(http.RequestAborted);
            await http.Response.Body.WriteAsync(i == 0 ? ChunkOf($"{Kept}{Stopwatch.GetElapsedTime(asked).TotalMicroseconds:0};") : Chunk, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await http.Response.Body.WriteAsync(End, http.RequestAborted);
    }

    /// <returns>How long the stub kept a stream's first chunk.</returns>
    public static TimeSpan KeptOf(ReadOnlySpan<byte> firstChunk) => TimeSpan.FromMicroseconds(NumberAfter(Kept, Encoding.UTF8.GetString(firstChunk)) ?? throw new InvalidDataException("This is not the stub's first chunk."));

    private static TimeSpan PaceOf(string request) => TimeSpan.FromMilliseconds(NumberAfter(Pace, request) ?? 0);

    private static long? NumberAfter(string name, string text) =>
        text.IndexOf(name, StringComparison.Ordinal) is >= 0 and var at
            ? long.Parse(text.AsSpan(at + name.Length, text.IndexOf(';', at) - at - name.Length), CultureInfo.InvariantCulture)
            : null;

    private static byte[] ChunkOf(string content) => Encoding.UTF8.GetBytes(
        $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":0,"model":"gpt-5-mini","choices":[{"index":0,"delta":{"content":"{{{content}}}"},"finish_reason":null}],"usage":null}""" + "\n\n");
}
