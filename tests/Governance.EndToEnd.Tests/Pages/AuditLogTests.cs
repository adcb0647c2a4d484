using System.Diagnostics;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

[Collection(nameof(Demo))]
public sealed class AuditLogTests(Demo demo)
{
    [Fact]
    public async Task Entry_OfWhatAnAdministratorDid_AppearsIsProvedAndLeavesVerifiably()
    {
        // The auditor looks on while an administrator creates a team.
        var (auditor, admin) = (await demo.SignedInAsync("auditor"), await demo.SignedInAsync());
        await auditor.OpenAsync("/audit?live=1&action=team.created");
        await auditor.GetByText("Waiting for new entries").WaitForAsync();
        await admin.OpenAsync("/teams");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Watched");
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        await auditor.GetByText("1 new entry since").WaitForAsync();

        await auditor.Locator("tbody th a").First.ClickAsync();
        await auditor.GetByRole(AriaRole.Heading, new() { Name = "Team created" }).WaitForAsync();
        await auditor.GetByRole(AriaRole.Row).Filter(new() { HasText = "Watched" }).WaitForAsync();
        await auditor.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await auditor.GetByText("The entry is in the signed log, unchanged.").WaitForAsync();
        Assert.Equal(3, await auditor.Locator(".audit-verdicts").GetByText("Good", new() { Exact = true }).CountAsync());
        await VerifyAsync(await DownloadAsync(auditor, auditor.GetByRole(AriaRole.Link, new() { Name = "Proof" })));

        await auditor.OpenAsync("/audit?period=today");
        await auditor.Locator("summary").Filter(new() { HasText = "Export" }).ClickAsync();
        await VerifyAsync(await DownloadAsync(auditor, auditor.GetByRole(AriaRole.Button, new() { Name = "Verifiable zip" })));
        await auditor.Context.CloseAsync();
        await admin.Context.CloseAsync();
    }

    [Fact]
    public async Task Live_SwitchedOnPausedResumedOff_SaysSoAndStandsInTheUrl()
    {
        var auditor = await demo.SignedInAsync("auditor");
        await auditor.OpenAsync("/audit?action=team.renamed");
        await auditor.GetByRole(AriaRole.Switch, new() { Name = "Live" }).ClickAsync();
        await auditor.ArrivesAtAsync("**/audit?action=team.renamed&live=1");
        await auditor.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await auditor.GetByText("Paused.").WaitForAsync();
        await auditor.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await auditor.GetByText("Waiting for new entries").WaitForAsync();
        await auditor.GetByRole(AriaRole.Switch, new() { Name = "Live" }).ClickAsync();
        await auditor.ArrivesAtAsync("**/audit?action=team.renamed");
        await auditor.Context.CloseAsync();
    }

    private static async Task<string> DownloadAsync(IPage page, ILocator by)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => by.ClickAsync());
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():n}-{download.SuggestedFilename}");
        await download.SaveAsAsync(path);
        return path;
    }

    /// <summary>The verifier, which knows nothing of this program, finds nothing wrong with a file.</summary>
    private static async Task VerifyAsync(string path)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(ProductUnderTest.Metadata("Tools"), "verify-audit.mjs"), path])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(path);
        Assert.True(process.ExitCode == 0, output);
    }
}
