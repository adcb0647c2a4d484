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

        await admin.WaitForURLAsync("**/providers/end-to-end");
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
        await admin.WaitForURLAsync("**/providers");
        await admin.GetByRole(AriaRole.Link, new() { Name = "openai-production-eu" }).WaitForAsync();
        Assert.Equal(0, await admin.GetByRole(AriaRole.Link, new() { Name = "end-to-end" }).CountAsync());
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
