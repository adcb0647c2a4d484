using System.ClientModel;
using System.Globalization;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;
using OpenAI;
using OpenAI.Chat;

namespace Governance.EndToEnd.Tests.Clients;

/// <summary>Official clients call the proxy, and a signed-in browser sees each call on the Overview without reloading.</summary>
[Collection(nameof(Demo))]
public sealed class LiveCallsTests(Demo demo)
{
    private const double SecondsUntilSeen = 2;

    /// <summary>Has the page keep each count it shows, with the time.</summary>
    private const string NoteCounts =
        """
        card => {
          window.counts = [];
          const note = () => window.counts.push({ count: Number(card.querySelector('.metric-value').title.replaceAll(',', '')), at: Date.now() });
          new MutationObserver(note).observe(card, { attributes: true, characterData: true, childList: true, subtree: true });
        }
        """;

    private string BaseUrl => demo.Url + "/proxy/openai/v1";

    [Fact]
    public Task Overview_CallByDotnetSdk_AppearsWithinTwoSeconds() => AppearsAsync(async () =>
    {
        var client = new ChatClient("gpt-5-mini", new ApiKeyCredential(demo.ProxyKey), new OpenAIClientOptions { Endpoint = new Uri(BaseUrl) });
        var completion = await client.CompleteChatAsync([new UserChatMessage("Hello from .NET")]);
        Assert.NotEmpty(completion.Value.Content[0].Text);
    });

    [Fact]
    public Task Overview_StreamByDotnetSdk_AppearsWithinTwoSeconds() => AppearsAsync(async () =>
    {
        var client = new ChatClient("gpt-5-mini", new ApiKeyCredential(demo.ProxyKey), new OpenAIClientOptions { Endpoint = new Uri(BaseUrl) });
        var pieces = 0;
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("Hello from .NET")])) pieces += update.ContentUpdate.Count;
        Assert.True(pieces > 3);
    });

    [Theory]
    [InlineData("plain")]
    [InlineData("stream")]
    public Task Overview_CallByNpmPackage_AppearsWithinTwoSeconds(string kind) => AppearsAsync(async () =>
    {
        var answer = await NpmClient.RunAsync("openai", BaseUrl, demo.ProxyKey, kind);
        Assert.NotEmpty(answer.GetProperty("text").GetString()!);
        Assert.StartsWith("req_", answer.GetProperty("requestId").GetString(), StringComparison.Ordinal);
    });

    [Fact]
    public Task Overview_StreamByCurl_AppearsWithinTwoSeconds() => AppearsAsync(async () =>
    {
        var answer = await ProgramUnderTest.RunAsync("curl", "-sN", BaseUrl + "/chat/completions", "-H", $"Authorization: Bearer {demo.ProxyKey}",
            "-H", "Content-Type: application/json", "-d", """{"model":"gpt-5-mini","stream":true,"messages":[{"role":"user","content":"Hello from curl"}]}""");
        Assert.EndsWith("data: [DONE]", answer.TrimEnd(), StringComparison.Ordinal);
    });

    /// <summary>
    /// Counts requests on an open Overview, makes a call, and waits for the count to rise. When it rose the page itself notes, because
    /// asking it takes time too.
    /// </summary>
    private async Task AppearsAsync(Func<Task> call)
    {
        var page = await demo.SignedInAsync("cost_viewer");
        await page.OpenAsync("/?period=today");
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Requests", Exact = true });
        await card.EvaluateAsync(NoteCounts);
        var before = await RequestsAsync(card);
        await call();
        var ended = TimeProvider.System.GetUtcNow();
        await Eventually.TrueAsync(async () => await RequestsAsync(card) > before, "the call appeared on the Overview");
        var seen = DateTimeOffset.FromUnixTimeMilliseconds(await page.EvaluateAsync<long>("before => window.counts.find(({ count }) => count > before).at", before));
        Assert.True((seen - ended).TotalSeconds <= SecondsUntilSeen, $"It appeared {(seen - ended).TotalSeconds} s after the call had ended.");
        await page.Context.CloseAsync();
    }

    /// <summary>The whole number stands in the title of the card's short one.</summary>
    private static async Task<long> RequestsAsync(ILocator card) => long.Parse(
        await card.Locator(".metric-value").GetAttributeAsync("title") ?? "", NumberStyles.AllowThousands, CultureInfo.GetCultureInfo("en-US"));
}
