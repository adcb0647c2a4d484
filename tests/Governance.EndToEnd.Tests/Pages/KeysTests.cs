using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Governance.EndToEnd.Tests.Clients;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

[Collection(nameof(Demo))]
public sealed class KeysTests(Demo demo)
{
    [Fact]
    public async Task Key_CreateUseRevoke_WorksFromThePage()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Application", new() { Exact = true }).SelectOptionAsync("");
        await dialog.GetByLabel("Name of the application").FillAsync("Translator");
        await dialog.GetByLabel("Team that owns it").FillAsync("Localisation");
        await dialog.GetByLabel("Name of the key").FillAsync("Translator test");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var secret = await dialog.Locator(".secret code").InnerTextAsync();
        Assert.StartsWith("gvk_", secret, StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();

        await Eventually.TrueAsync(async () => !(await page.ContentAsync()).Contains(secret, StringComparison.Ordinal), "the secret was gone from the page");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(secret));

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke Translator test" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Translator test" }).GetByText("Revoked").WaitForAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(secret));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Key_CreateRotateEndTheOldSecret_BothWorkInBetween()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name of the key").FillAsync("Turned");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var first = await dialog.Locator(".secret code").InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate Turned" }).ClickAsync();
        await dialog.GetByLabel("The secret now in use works on").SelectOptionAsync("24");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate", Exact = true }).ClickAsync();
        var second = await dialog.Locator(".secret code").InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(first));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second));

        await page.GetByRole(AriaRole.Link, new() { Name = "Turned" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "End the old one now" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "End the old secret" }).ClickAsync();
        await page.GetByRole(AriaRole.Table, new() { Name = "Secrets" }).GetByText("ended").WaitForAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(first));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task SigningKey_CreateUseRevoke_SignsForAwsSdks()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Support assistant production" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create signing key" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        var secret = await dialog.Locator(".secret code").InnerTextAsync();
        var id = await dialog.Locator("p code").Filter(new() { HasText = "GVAK" }).First.InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();

        foreach (var kind in new[] { "plain", "stream", "invoke-stream" })
        {
            var answer = await NpmClient.RunAsync("bedrock", demo.Url + "/proxy/bedrock", $"{id}:{secret}", kind);
            Assert.True(answer.TryGetProperty("text", out var text) && text.GetString()!.Length > 0, $"{kind}: {answer}");
        }

        var wrong = await NpmClient.RunAsync("bedrock", demo.Url + "/proxy/bedrock", $"{id}:{secret[..^1]}{(secret[^1] == 'A' ? 'B' : 'A')}", "plain");
        Assert.Equal("InvalidSignatureException", wrong.GetProperty("code").GetString());

        await page.GetByRole(AriaRole.Button, new() { Name = $"Revoke signing key {id}" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByRole(AriaRole.Table, new() { Name = "Signing keys" }).GetByText("revoked").WaitForAsync();
        var refused = await NpmClient.RunAsync("bedrock", demo.Url + "/proxy/bedrock", $"{id}:{secret}", "plain");
        Assert.Equal("AccessDeniedException", refused.GetProperty("code").GetString());
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("/keys", "Create key")]
    [InlineData("/keys/service-accounts", "Create service account")]
    [InlineData("/prices", "Add price")]
    public async Task Page_OpenedByAViewer_OffersNoChange(string path, string button)
    {
        var page = await demo.SignedInAsync("cost_viewer");
        await page.OpenAsync(path);

        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = button }).CountAsync());
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).CountAsync());
        await page.Context.CloseAsync();
    }

    private async Task<HttpStatusCode> CallAsync(string key)
    {
        using var client = new HttpClient { BaseAddress = new Uri(demo.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.PostAsJsonAsync(
            "/proxy/openai/v1/chat/completions", new { model = "gpt-5-mini", messages = new[] { new { role = "user", content = "Hi" } } });
        return response.StatusCode;
    }
}
