using System.Text;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

[Collection(nameof(Demo))]
public sealed class PeopleTests(Demo demo)
{
    [Fact]
    public async Task Disable_PersonWhoIsSignedIn_ShutsThemOutAndEnableLetsThemIn()
    {
        var (email, password) = demo.SignInOf("cost_viewer");
        var theirs = await demo.SignedInAsync("cost_viewer");
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/people?search=bruno");
        await page.GetByRole(AriaRole.Link, new() { Name = "Bruno Costa" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("open session").First.WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await page.GetByText("can neither sign in nor do anything").WaitForAsync();

        await theirs.GotoAsync("/costs");
        await theirs.ArrivesAtAsync("**/account/sign-in*");
        await theirs.GetByLabel("Email").FillAsync(email);
        await theirs.GetByLabel("Password").FillAsync(password);
        await theirs.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await theirs.GetByRole(AriaRole.Alert).WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Enable" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Enable" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).WaitForAsync();
        await theirs.SignInAsync(email, password);
        await theirs.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Import_FileWithErrorsThenACorrectedPaste_PreviewsThenInvites()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/people/import");
        var wrong = "name,email,role,team,scope\nNora One,nora.one@partner.example,member,Product,\nNora Two,nowhere,king,Product,\n";
        await page.GetByLabel("File", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = "people.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(wrong) });
        await page.GetByText("1 of 2 lines need a correction").WaitForAsync();
        var line = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Nora Two" });
        Assert.Equal("3", await line.GetByRole(AriaRole.Cell).First.InnerTextAsync());
        Assert.Contains("mail address", await line.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).CountAsync());

        // Larger than one message of the circuit may be.
        var many = string.Concat(Enumerable.Range(1, 700).Select(i => $"Nora Number {i},nora.{i}@partner.example,member,Product,team\n"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose another file" }).ClickAsync();
        await page.GetByText("Or paste the lines").ClickAsync();
        await page.GetByLabel("Lines, the header first").FillAsync("name,email,role,team,scope\n" + many);
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite 700 people" }).ClickAsync();
        await page.GetByText("700 invitations are on their way").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Show who is invited" }).ClickAsync();
        await page.GetByText("Nora Number").First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await page.GetByText("page 2 of").WaitForAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Invite_FromThePage_AppearsAndCanBeWithdrawn()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/people");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Alert).WaitForAsync();
        await dialog.GetByLabel("Name").FillAsync("Otto Guest");
        await dialog.GetByLabel("Mail address").FillAsync("otto.guest@partner.example");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
        await page.GetByText("An invitation is on its way to otto.guest@partner.example").WaitForAsync();

        await page.GetByRole(AriaRole.Searchbox).FillAsync("otto");
        await page.ArrivesAtAsync("**/people?search=otto");
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw the invitation to Otto Guest" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await page.GetByText("Nobody matches").WaitForAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Team_CreateAddALeadAndEnd_WorksFromThePage()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/teams");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Labs");
        await dialog.GetByLabel("Below").SelectOptionAsync(new SelectOptionValue { Label = "Technology" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Labs" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await dialog.GetByLabel("Person").FillAsync("julia.weber@meridian.example");
        await dialog.GetByLabel("Leads the team").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "End lead: Julia Weber" }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Julia Weber" }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Leads the team." }).GetByText("Labs").WaitForAsync();

        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByText("Nothing new belongs to it").WaitForAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Settings_OutOfRangeThenGood_AreRefusedThenSaved()
    {
        var page = await demo.SignedInAsync();
        await page.OpenAsync("/settings/organization");
        await page.GetByText("No role needs a second factor").WaitForAsync();
        await page.GetByLabel("Invitations last days").FillAsync("400");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Choose 1 to 30 days.").WaitForAsync();
        await page.GetByLabel("Invitations last days").FillAsync("10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.ArrivesAtAsync("**/settings/organization?saved=1");
        await page.GetByText("Saved.").WaitForAsync();
        Assert.Equal("10", await page.GetByLabel("Invitations last days").InputValueAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task TeamLead_OpensPeopleAndTeams_SeesTheirTeamAndMayChangeNothing()
    {
        var page = await demo.SignedInAsync("team_lead");
        await page.OpenAsync("/people");
        await page.GetByText("Elif Yilmaz").WaitForAsync();
        Assert.Equal(0, await page.GetByText("Ada Lindqvist").CountAsync());
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).CountAsync());
        await page.OpenAsync("/teams");
        Assert.Equal(["Customer Care"], await page.Locator("tbody th a").AllInnerTextsAsync());
        await page.Context.CloseAsync();
    }
}
