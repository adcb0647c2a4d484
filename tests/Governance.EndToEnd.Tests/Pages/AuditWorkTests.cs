using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>What an auditor does with the log beyond reading it, and how a person is erased.</summary>
[Collection(nameof(Demo))]
public sealed class AuditWorkTests(Demo demo)
{
    [Fact]
    public async Task TextSearchAndSavedFilter_OfTheAuditor_FindWhatWasSaidAndStandInTheUrl()
    {
        var auditor = await demo.SignedInAsync("auditor");
        await auditor.OpenAsync("/audit?action=team.created");
        await auditor.GetByLabel("Text in details").FillAsync("data SCIENCE");
        await auditor.GetByLabel("Text in details").PressAsync("Enter");
        await auditor.ArrivesAtAsync("**/audit?action=team.created&text=data%20SCIENCE");
        await auditor.Locator(".search-figures").GetByText("1 hit.").WaitForAsync();
        Assert.Equal(1, await auditor.Locator(".audit-table tbody tr").CountAsync());
        await auditor.Locator(".audit-table tbody th a").ClickAsync();
        await auditor.GetByRole(AriaRole.Row).Filter(new() { HasText = "Data Science" }).WaitForAsync();

        await auditor.OpenAsync("/audit?text=no-detail-says-this");
        await auditor.GetByRole(AriaRole.Heading, new() { Name = "Nothing found" }).WaitForAsync();

        await auditor.OpenAsync("/audit?action=team.created");
        await MenuAsync(auditor);
        await auditor.GetByRole(AriaRole.Button, new() { Name = "Save these filters" }).ClickAsync();
        await auditor.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("New teams");
        await auditor.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await auditor.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await auditor.OpenAsync("/audit");
        await MenuAsync(auditor);
        await auditor.GetByRole(AriaRole.Link, new() { Name = "New teams" }).ClickAsync();
        await auditor.ArrivesAtAsync("**/audit?action=team.created");

        await MenuAsync(auditor);
        await auditor.GetByRole(AriaRole.Button, new() { Name = "Remove New teams" }).ClickAsync();
        await auditor.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await auditor.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await MenuAsync(auditor);
        await auditor.GetByRole(AriaRole.Link, new() { Name = "Refused and failed" }).WaitForAsync();
        Assert.Equal(0, await auditor.GetByRole(AriaRole.Link, new() { Name = "New teams" }).CountAsync());
        await auditor.Context.CloseAsync();
    }

    [Fact]
    public async Task Export_WrittenToAFile_ShowsItselfAndIsFetchedOnce()
    {
        var auditor = await demo.SignedInAsync("auditor");
        await auditor.OpenAsync("/audit?period=today");
        await auditor.Locator("summary").Filter(new() { HasText = "Export" }).ClickAsync();
        var download = await auditor.RunAndWaitForDownloadAsync(() => auditor.GetByRole(AriaRole.Button, new() { Name = "Verifiable zip" }).ClickAsync());
        Assert.Matches(@"^audit-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.zip$", download.SuggestedFilename);
        await auditor.GetByRole(AriaRole.Heading, new() { Name = "Verifiable zip of" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await auditor.Context.CloseAsync();
    }

    [Fact]
    public async Task Erasure_OfSomebodyWhoLeft_IsShownWithItsEntryAndProof()
    {
        var (admin, officer) = (await demo.SignedInAsync(), await demo.SignedInAsync("compliance_officer"));
        await admin.OpenAsync("/people?search=Kenji");
        var href = (await admin.Locator("tbody th a").First.GetAttributeAsync("href"))!;
        await officer.OpenAsync(href);
        await officer.GetByRole(AriaRole.Button, new() { Name = "Erase" }).ClickAsync();
        var dialog = officer.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("Nobody can undo this.").WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        await dialog.GetByText("Say why").WaitForAsync();
        await dialog.GetByLabel("Reason").FillAsync("Their request of this week.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        await officer.GetByText("What the audit log says about them was erased on").WaitForAsync();
        await officer.GetByText("Who this was is not known any more").WaitForAsync();
        Assert.Equal(0, await officer.GetByText("Kenji").CountAsync());

        await officer.GetByRole(AriaRole.Link, new() { Name = "Entry of the erasure" }).ClickAsync();
        await officer.GetByRole(AriaRole.Heading, new() { Name = "Person's data erased" }).WaitForAsync();
        await officer.GetByRole(AriaRole.Row).Filter(new() { HasText = "Their request of this week." }).WaitForAsync();
        await officer.OpenAsync("/audit?text=Kenji");
        await officer.GetByRole(AriaRole.Heading, new() { Name = "Nothing found" }).WaitForAsync();
        await admin.Context.CloseAsync();
        await officer.Context.CloseAsync();
    }

    private static Task MenuAsync(IPage page) => page.Locator("summary").Filter(new() { HasText = "Saved filters" }).ClickAsync();
}
