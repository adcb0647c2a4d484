using Governance.EndToEnd.Tests.Product;
using Governance.Testing.Upstream;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

[Collection(nameof(Demo))]
public sealed class IntegrationsTests(Demo demo)
{
    [Fact]
    public async Task Receiver_AddedTestedAndRemoved_GetsTheTestAndIsGone()
    {
        await using var receiver = await StubUpstream.StartAsync(Replies.Json("ok"));
        var admin = await demo.SignedInAsync();
        await admin.OpenAsync("/settings/integrations");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Add receiver" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("SIEM");
        await dialog.GetByLabel("Address").FillAsync("http://siem.example.org/");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add receiver" }).ClickAsync();
        await dialog.GetByText("must be an https URL").WaitForAsync();
        await dialog.GetByLabel("Address").FillAsync(receiver.Url + "/events");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add receiver" }).ClickAsync();
        await dialog.GetByText("whsec_").WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();

        await admin.GetByRole(AriaRole.Button, new() { Name = "Send test event to SIEM" }).ClickAsync();
        await admin.GetByText("SIEM took the test event.").WaitForAsync();
        Assert.NotEmpty(receiver.Received);

        await admin.GetByRole(AriaRole.Button, new() { Name = "Remove SIEM" }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove receiver" }).ClickAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Remove SIEM" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await admin.Context.CloseAsync();
    }

    [Fact]
    public async Task Anchors_OfTheDemo_AreDepositedOnDemand()
    {
        var auditor = await demo.SignedInAsync("auditor");
        await auditor.OpenAsync("/audit/integrity");
        await auditor.GetByRole(AriaRole.Heading, new() { Name = "Anchors" }).WaitForAsync();
        await auditor.GetByRole(AriaRole.Button, new() { Name = "Deposit now" }).ClickAsync();
        await auditor.GetByText("Deposited at 1 of 1 places.").WaitForAsync();
        await auditor.GetByRole(AriaRole.Row).Filter(new() { HasText = "Folder" }).GetByText("Deposited", new() { Exact = true }).WaitForAsync();
        await auditor.Context.CloseAsync();
    }
}
