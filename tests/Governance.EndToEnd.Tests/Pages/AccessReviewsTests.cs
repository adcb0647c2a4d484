using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

[Collection(nameof(Demo))]
public sealed class AccessReviewsTests(Demo demo)
{
    [Fact]
    public async Task Review_StartDecideFinish_WorksFromThePagesAndIsEvidence()
    {
        await AddServiceAccountAsync("Old dashboard");
        var page = await demo.SignedInAsync("compliance_officer");
        await page.OpenAsync("/access-reviews");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start a review" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Service accounts by hand");
        await dialog.GetByLabel("Roles that people hold").UncheckAsync();
        await dialog.GetByLabel("Keys of applications").UncheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start the review" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Service accounts by hand" }).WaitForAsync();
        await page.LoadedAsync();
        var finish = page.GetByRole(AriaRole.Button, new() { Name = "Finish the review" });
        Assert.True(await finish.IsDisabledAsync());

        // What is decided stays in sight, though the filter would leave it out from then on.
        await page.GetByRole(AriaRole.Link, new() { Name = "not decided yet" }).ClickAsync();
        await page.ArrivesAtAsync("**/access-reviews/*?decision=undecided");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke service account Old dashboard" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await dialog.GetByText("Say why").WaitForAsync();
        await dialog.GetByLabel("Reason").FillAsync("Nobody looks at it.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Old dashboard" }).GetByText("Nobody looks at it.").WaitForAsync();

        await page.GetByLabel("Select all on this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep selected" }).ClickAsync();
        await page.GetByText("Everything is decided.").WaitForAsync();
        await finish.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Finish the review" }).ClickAsync();
        await page.GetByText("Sealed, and checked just now").WaitForAsync();
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Keep" }).CountAsync());

        var hash = await page.Locator("code.hash").InnerTextAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Evidence" }).ClickAsync());
        using var evidence = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        Assert.Equal(hash, evidence.RootElement.GetProperty("sha256").GetString());
        var hashed = Encoding.UTF8.GetBytes(evidence.RootElement.GetProperty("review").GetRawText());
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(hashed)));

        await page.OpenAsync("/keys/service-accounts");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Old dashboard" }).GetByText("Revoked").WaitForAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Review_OwnAccess_IsNotOffered()
    {
        var (email, _) = demo.SignInOf("compliance_officer");
        var page = await demo.SignedInAsync("compliance_officer");
        await OpenDemoReviewAsync(page, "Open");
        await page.GetByLabel("Search by person").FillAsync(email.Split('.')[0]);
        var own = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Your own: somebody else decides." });
        await own.WaitForAsync();
        Assert.Equal(0, await own.GetByRole(AriaRole.Button).CountAsync());
        Assert.Equal(0, await own.GetByRole(AriaRole.Checkbox).CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Reviews_SeenByAReader_OfferNoChangeAndNoBadge()
    {
        var page = await demo.SignedInAsync();
        await OpenDemoReviewAsync(page, "Overdue");
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Finish the review" }).CountAsync());
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Keep" }).CountAsync());
        Assert.Equal(0, await page.Locator(".nav-badge").CountAsync());
        await page.Context.CloseAsync();

        var decider = await demo.SignedInAsync("compliance_officer");
        await decider.OpenAsync("/access-reviews");
        Assert.Equal("1 overdue", (await decider.Locator(".nav-badge").InnerTextAsync()).ReplaceLineEndings(" "));
        await decider.Context.CloseAsync();
    }

    private static async Task OpenDemoReviewAsync(IPage page, string state)
    {
        await page.OpenAsync("/access-reviews");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = state }).First.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Access review", Exact = true }).WaitForAsync();
        await page.LoadedAsync();
    }

    private async Task AddServiceAccountAsync(string name)
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/keys/service-accounts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create service account" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create service account" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await page.Context.CloseAsync();
    }
}
