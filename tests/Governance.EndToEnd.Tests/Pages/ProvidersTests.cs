using Governance.EndToEnd.Tests.Product;
using Governance.Testing.Upstream;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

[Collection(nameof(Demo))]
public sealed class ProvidersTests(Demo demo)
{
    [Fact]
    public async Task Connection_AddedTestedApprovedAndDeleted_ShowsEachStep()
    {
        await using var provider = await StubUpstream.StartAsync(Replies.Json("""{"object":"list","data":[{"id":"model-of-the-test"}]}"""));
        var admin = await demo.SignedInAsync();
        await admin.OpenAsync("/providers");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        Assert.Equal("https://api.openai.com/v1", await dialog.GetByLabel("Base URL").InputValueAsync());
        await dialog.GetByLabel("Provider").SelectOptionAsync("openai-compatible");
        await dialog.GetByLabel("Name").FillAsync("openai");
        await dialog.GetByLabel("Base URL").FillAsync(provider.BaseUrl);
        await dialog.GetByLabel("API key").FillAsync("sk-of-the-test");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();
        await dialog.GetByText("already means something behind /proxy/").WaitForAsync();
        await dialog.GetByLabel("Name").FillAsync("end-to-end");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();

        await admin.ArrivesAtAsync("**/providers/end-to-end");
        await admin.GetByText("Not approved", new() { Exact = true }).WaitForAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await admin.GetByText("It lists 1 model.").WaitForAsync();
        await admin.GetByText("model-of-the-test").WaitForAsync();
        Assert.Equal("Bearer sk-of-the-test", Assert.Single(provider.Received).Headers["Authorization"]);
        Assert.DoesNotContain("sk-of-the-test", await admin.ContentAsync(), StringComparison.Ordinal);

        await admin.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await admin.GetByText("Approved", new() { Exact = true }).First.WaitForAsync();

        await admin.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete connection" }).ClickAsync();
        await admin.ArrivesAtAsync("**/providers");
        await admin.GetByRole(AriaRole.Link, new() { Name = "openai-production-eu" }).WaitForAsync();
        Assert.Equal(0, await admin.GetByRole(AriaRole.Link, new() { Name = "end-to-end" }).CountAsync());
        await admin.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_TypedBeforeTheProvidersHintsCame_IsAddedAsTyped()
    {
        var admin = await demo.SignedInAsync();
        var line = await SlowLine.BetweenAsync(admin);
        await admin.OpenAsync("/providers");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Base URL").WaitForAsync();

        line.Hold();
        await dialog.GetByLabel("Provider").SelectOptionAsync("openai-compatible");
        await dialog.GetByLabel("Name").FillAsync("typed-ahead");
        await dialog.GetByLabel("Base URL").FillAsync("http://127.0.0.1:9/v1");
        line.Release();
        await dialog.GetByLabel("API key").FillAsync("sk-of-the-test");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add connection" }).ClickAsync();

        await admin.ArrivesAtAsync("**/providers/typed-ahead");
        await admin.GetByText("http://127.0.0.1:9/v1").First.WaitForAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete connection" }).ClickAsync();
        await admin.GetByRole(AriaRole.Link, new() { Name = "openai-production-eu" }).WaitForAsync();
        await admin.Context.CloseAsync();
    }

    [Fact]
    public async Task ResponseCache_SwitchedOnChangedAndOff_ShowsEachStep()
    {
        var admin = await demo.SignedInAsync();
        await admin.OpenAsync("/providers");
        var panel = admin.GetByRole(AriaRole.Region, new() { Name = "Response cache" });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await dialog.GetByText("Choose an application.").WaitForAsync();
        await dialog.GetByLabel("Application").SelectOptionAsync(new SelectOptionValue { Label = "Search ranking" });
        await dialog.GetByLabel("Keep answers for").SelectOptionAsync(new SelectOptionValue { Label = "15 minutes" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        var row = panel.GetByRole(AriaRole.Row, new() { Name = "Search ranking" });
        await row.GetByText("15 minutes").WaitForAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Change the response cache of Search ranking" }).ClickAsync();
        await dialog.GetByLabel("Keep answers for").SelectOptionAsync(new SelectOptionValue { Label = "1 hour" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await row.GetByText("1 hour").WaitForAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        // The demo's own has answered calls, and what that saved leads to them.
        var demos = panel.GetByRole(AriaRole.Row, new() { Name = "Catalogue writer" });
        await demos.GetByRole(AriaRole.Link).ClickAsync();
        await admin.ArrivesAtAsync("**/requests?**outcome=cached**");
        await admin.GetByText("cached", new() { Exact = true }).First.WaitForAsync();
        await admin.Context.CloseAsync();
    }

    [Fact]
    public async Task Auditor_SeesConnections_AndCannotChangeThem()
    {
        var auditor = await demo.SignedInAsync("auditor");
        await auditor.OpenAsync("/providers");
        await auditor.GetByRole(AriaRole.Link, new() { Name = "openai-production-eu" }).ClickAsync();
        await auditor.GetByRole(AriaRole.Heading, new() { Name = "Models called" }).WaitForAsync();
        Assert.Equal(0, await auditor.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).CountAsync());
        await auditor.Context.CloseAsync();
    }
}
