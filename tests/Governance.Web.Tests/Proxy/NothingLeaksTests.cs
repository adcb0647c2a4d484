using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;

namespace Governance.Web.Tests.Proxy;

/// <summary>
/// Plants markers wherever something secret or somebody's words pass, in calls of every format that succeed and fail, and looks for them in every log, trace, metric,
/// table and file.
/// </summary>
public sealed class NothingLeaksTests(NothingLeaksTests.Fixture proxy) : IClassFixture<NothingLeaksTests.Fixture>
{
    private const string Prompt = "MARKER-PROMPT-77ad", Completion = "MARKER-COMPLETION-77ad", EndUser = "MARKER-END-USER-77ad", Message = "MARKER-ERROR-77ad";

    /// <summary>Of no secret, and therefore found: the search can find.</summary>
    private const string Tag = "MARKER-TAG-77ad";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_OfEveryFormat_LeaveNoCredentialAndNoContentAnywhere()
    {
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.Enqueue($"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {span.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);

        foreach (var sample in FormatSample.All.Values) await CallsAsync(sample);

        var places = new Dictionary<string, string>
        {
            ["logs"] = string.Join('\n', proxy.Server.Logs.Entries.Select(entry => $"{entry.Message} {entry.Exception}")),
            ["traces"] = string.Join('\n', spans),
            ["metrics"] = await MetricsAsync(),
            ["tables"] = await TableText.OfAsync(proxy.Server, Cancellation),
        };
        foreach (var file in Directory.EnumerateFiles(proxy.Server.Database.Folder, "*", SearchOption.AllDirectories)) places[file] = await TextOfAsync(file);
        Assert.All(places.Values.Take(4), text => Assert.NotEmpty(text));
        Assert.Contains(Tag, places["tables"], StringComparison.Ordinal);
        string[] markers = [Prompt, Completion, EndUser, Message, StubUpstream.ApiKey, proxy.Tenant.Key.Secret];
        Assert.Equal("", string.Join('\n', from place in places from marker in markers where Holds(place.Value, marker) select $"{marker} is in {place.Key}"));
    }

    /// <summary>One that succeeds, one that is cut, one that the provider refuses, one that the proxy refuses.</summary>
    private async Task CallsAsync(FormatSample sample)
    {
        var body = sample.Body.Replace("Grüße", Prompt, StringComparison.Ordinal);
        body = sample.Path.StartsWith("openai", StringComparison.Ordinal) ? $$"""{"user":"{{EndUser}}",{{body[1..]}}""" : body;
        var frames = sample.Frames.Select(frame => sample.MediaType.StartsWith("application/vnd", StringComparison.Ordinal) ? frame : Marked(frame)).ToArray();
        proxy.Upstream.Enqueue(Replies.Bytes([.. frames.SelectMany(frame => frame)], sample.MediaType));
        proxy.Upstream.Enqueue(async exchange =>
        {
            exchange.Head(200, sample.MediaType);
            await exchange.SendAsync(frames[0]);
            exchange.Abort();
        });
        proxy.Upstream.Enqueue(Replies.Json($$$"""{"type":"error","message":"{{{Message}}}","error":{"message":"{{{Message}}}","type":"server_error","code":500,"status":"INTERNAL"}}""", 500));
        for (var call = 0; call < 3; call++) await SendAsync(sample.Path, body);
        await SendAsync(sample.Path, body.Replace('}', ' '));
        if (sample.Path.StartsWith("gemini", StringComparison.Ordinal))
            await SendAsync($"{sample.Path}{(sample.Path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}key={proxy.Tenant.Key.Secret}", body, withKey: false);
    }

    private async Task SendAsync(string path, string body, bool withKey = true)
    {
        using var caller = proxy.Server.NewClient(withKey ? proxy.Tenant.Key.Secret : null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/" + path) { Content = ProxyFixture.Json(body), Headers = { { "x-governance-tags", $"marker={Tag}" } } };
        using var response = await caller.SendAsync(request, Cancellation);
        await response.Content.ReadAsByteArrayAsync(Cancellation);
        await proxy.BookedAsync(response);
    }

    private static byte[] Marked(byte[] frame) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(frame).Replace("Grüße", Completion, StringComparison.Ordinal));

    /// <summary>As text, as UTF-16, or in hexadecimal or base64 digits.</summary>
    private static bool Holds(string text, string marker)
    {
        var bytes = Encoding.UTF8.GetBytes(marker);
        string[] shapes = [marker, Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(marker)), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), Convert.ToBase64String(bytes.AsSpan(0, bytes.Length / 3 * 3))];
        return shapes.Any(shape => text.Contains(shape, StringComparison.Ordinal));
    }

    private async Task<string> MetricsAsync()
    {
        var monitoring = (await proxy.Server.Get<ServiceAccountService>()
            .CreateAsync(proxy.Tenant.Admin, new NewServiceAccount("Monitoring") { Scopes = [Permissions.MetricsRead] }, Cancellation)).Required();
        using var client = proxy.Server.NewClient(monitoring.Secret);
        return await client.GetStringAsync("/metrics", Cancellation);
    }

    private static async Task<string> TextOfAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }

    public sealed class Fixture : EveryFormatTests.Fixture;
}
