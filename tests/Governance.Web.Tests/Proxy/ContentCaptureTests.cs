using System.Text;
using Governance.Domain.Identity;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests.Proxy;

public sealed class ContentCaptureTests(ContentCaptureTests.SmallSides proxy) : IClassFixture<ContentCaptureTests.SmallSides>
{
    private const string Prompt = "MARKER-PROMPT-51c2";
    private const string Completion = "MARKER-COMPLETION-51c2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_UnderARule_IsKeptEncryptedAndInClearNowhere(bool stream)
    {
        var key = await KeyUnderAsync(CapturedSides.Both);
        var (callId, answer) = await CallAsync(key, stream);

        var content = await ReadAsync(callId);

        Assert.Contains(Prompt, content.Prompt!.Text, StringComparison.Ordinal);
        Assert.Equal(answer, content.Completion!.Text);
        Assert.Contains(Completion, answer, StringComparison.Ordinal);
        var logs = string.Join("\n", proxy.Server.Logs.Entries.Select(entry => entry.Message + entry.Exception));
        var texts = new List<string> { logs, await TableText.OfAsync(proxy.Server, Cancellation) };
        foreach (var file in Directory.EnumerateFiles(proxy.Server.Database.Folder, "*", SearchOption.AllDirectories)) texts.Add(await TextOfAsync(file));
        foreach (var text in texts)
        {
            Assert.DoesNotContain(Prompt, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Completion, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Call_WithoutARule_IsNotKept()
    {
        var (_, key) = await proxy.Tenant.AddApplicationAsync(proxy.Server.Services, Unique(), "Platform");
        var (callId, _) = await CallAsync(key.Secret, stream: false);
        var ruled = await KeyUnderAsync(CapturedSides.Both);
        var (later, _) = await CallAsync(ruled, stream: false);

        // The writer takes them in turn, so once the later one is there, the earlier one would be.
        await ReadAsync(later);
        await using var db = proxy.Server.Get<GovernanceDatabase>().ForOrganization(proxy.Tenant.Id);
        Assert.False(await db.CapturedContents.AnyAsync(content => content.CallId == callId, Cancellation));
    }

    [Fact]
    public async Task Call_OfWhichPromptsAreKept_HasNoCompletionKept()
    {
        var (callId, _) = await CallAsync(await KeyUnderAsync(CapturedSides.Prompts), stream: false);
        var content = await ReadAsync(callId);
        Assert.NotNull(content.Prompt);
        Assert.Null(content.Completion);
    }

    [Fact]
    public async Task Call_LongerThanIsKept_IsKeptUpToTheBoundAndSaysSo()
    {
        var key = await KeyUnderAsync(CapturedSides.Both);
        var (callId, answer) = await CallAsync(key, stream: true, padding: 3 * SmallSides.Most);
        var content = await ReadAsync(callId);
        Assert.True(answer.Length > SmallSides.Most);
        Assert.Equal((true, SmallSides.Most, true), (content.Prompt!.Truncated, content.Prompt.Text.Length, content.Completion!.Truncated));
        Assert.Equal(answer[..SmallSides.Most], content.Completion.Text);
    }

    private static string Unique() => Guid.CreateVersion7().ToString("n");

    private static async Task<string> TextOfAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }

    /// <summary>The key of a new application that a rule covers.</summary>
    private async Task<string> KeyUnderAsync(CapturedSides sides)
    {
        var (application, key) = await proxy.Tenant.AddApplicationAsync(proxy.Server.Services, Unique(), "Platform");
        (await proxy.Server.Get<CaptureRuleService>().AddAsync(proxy.Tenant.Admin, new CaptureChoice(application.Id, null, sides, 30, true), Cancellation)).Required();
        return key.Secret;
    }

    private async Task<(Guid CallId, string Answer)> CallAsync(string key, bool stream, int padding = 0)
    {
        var filler = new string('x', padding);
        if (stream) proxy.Upstream.Enqueue(Replies.Stream(Replies.Chunk(Completion + filler), Replies.UsageChunk(), Replies.Done));
        else proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(content: Completion)));
        using var caller = proxy.Server.NewClient(key);
        var body = $$"""{"model":"gpt-5-mini","user":"ann@customer.example","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{Prompt}}{{filler}}"}]}""";
        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Json(body), Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        response.EnsureSuccessStatusCode();
        return (ProxyFixture.CallId(response), answer);
    }

    private async Task<ReadContent> ReadAsync(Guid callId)
    {
        var officer = new Actor(ActorKind.ServiceAccount, callId, proxy.Tenant.Id, [Permissions.ContentRead]);
        return await Eventually.SomeAsync(async () => (await proxy.Server.Get<CapturedContentQueries>().ReadAsync(officer, callId, Cancellation)).Value, "the content was stored");
    }

    /// <summary>Little is kept of a side, so that a test need not send much.</summary>
    public sealed class SmallSides : ProxyFixture
    {
        public const int Most = 1024;

        protected override Dictionary<string, string?> Settings => new(base.Settings) { ["ContentCapture:MaxBytesPerSide"] = $"{Most}" };
    }
}
