using Governance.Domain;
using Governance.Domain.Identity;
using Governance.EndToEnd.Tests.Product;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Ann proposes, Ben decides, Cleo gains: each in a browser of their own.</summary>
public sealed class ApprovalsTests : IAsyncLifetime
{
    private const string Password = "a long enough password";
    private TestDatabase _database = null!;
    private ProductUnderTest _product = null!;
    private ProductProcess _process = null!;
    private Browser _browser = null!;
    private Tenant _tenant = null!;
    private Person _ann = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _product = new ProductUnderTest(_database);
        _process = new ProductProcess(_database, TimeProvider.System);
        await _process.Get<DatabaseStartup>().RunAsync(default);
        _tenant = await Tenant.CreateAsync(_process.Services);
        _ann = await _tenant.AddPersonAsync(_process.Services, "ann@example.test", Password);
        await _tenant.AddPersonAsync(_process.Services, "ben@example.test", Password);
        await _tenant.AddPersonAsync(_process.Services, "cleo@example.test", Password, Roles.CostViewer);
        await _product.StartAsync();
        _browser = await Browser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _product.DisposeAsync();
        await _process.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Grant_ProposedAndApprovedByAnother_OpensPagesAtTheNextClick()
    {
        var (ann, ben, cleo) = (await SignedInAsync("ann"), await SignedInAsync("ben"), await SignedInAsync("cleo"));
        await cleo.OpenAsync("/roles");
        await cleo.GetByText("Your account has no role that opens this page").WaitForAsync();

        // Ann proposes. She sees no button with which to approve, and the service refuses her.
        await ann.OpenAsync("/roles/auditor");
        await ann.GetByRole(AriaRole.Button, new() { Name = "Grant", Exact = true }).ClickAsync();
        var dialog = ann.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Person", new() { Exact = true }).FillAsync("cleo@example.test");
        await dialog.GetByLabel("Reason", new() { Exact = true }).FillAsync("The yearly audit");
        await dialog.GetByText("need the approval of another person").WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Propose" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Link, new() { Name = "Show the proposal" }).ClickAsync();
        await ann.ArrivesAtAsync("**/approvals/apr_*");
        await ann.GetByText("It waits for ben").WaitForAsync();
        Assert.Equal(0, await ann.GetByRole(AriaRole.Button, new() { Name = "Approve" }).CountAsync());
        var request = (await RequestAsync()).Id;
        var service = _process.Get<ApprovalService>();
        Assert.Equal(RefusalKind.Forbidden, (await service.ApproveAsync(_tenant.Acting(_ann), request, null, default)).Refusal?.Kind);

        // Ben approves it from his inbox.
        await ben.OpenAsync("/approvals");
        await ben.GetByRole(AriaRole.Link, new() { Name = "Grant Auditor" }).ClickAsync();
        await ben.GetByRole(AriaRole.Cell, new() { Name = "Cost viewer, Auditor" }).WaitForAsync();
        await ben.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await ben.GetByRole(AriaRole.Dialog).GetByLabel("Comment").FillAsync("Agreed");
        await ben.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await ben.GetByText("approved it, and it took effect").WaitForAsync();

        // Ann's page shows it by itself, and to Cleo the pages are open.
        await ann.GetByText("approved it, and it took effect").WaitForAsync();
        await cleo.OpenAsync("/roles");
        await cleo.GetByRole(AriaRole.Link, new() { Name = "System administrator" }).WaitForAsync();
        await cleo.OpenAsync("/access");
        await cleo.GetByText("The yearly audit").WaitForAsync();
        Assert.Equal(ApprovalState.Applied, (await RequestAsync()).State);
    }

    [Fact]
    public async Task Role_DefinedGrantedRevokedArchived_FromThePages()
    {
        var page = await SignedInAsync("ann");
        await page.OpenAsync("/roles");
        await page.GetByRole(AriaRole.Link, new() { Name = "Define role" }).ClickAsync();
        await page.GetByLabel("Display name").FillAsync("Session watcher");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Session watcher");
        await page.GetByLabel("See everybody's sessions").CheckAsync();
        Assert.True(await page.GetByLabel("Start access reviews and decide in them").IsDisabledAsync()); // she does not hold it herself
        await page.GetByRole(AriaRole.Button, new() { Name = "Define role" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "small letters" }).WaitForAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("session_watcher");
        await page.GetByRole(AriaRole.Button, new() { Name = "Define role" }).ClickAsync();
        await page.ArrivesAtAsync("**/roles/session_watcher");

        await page.GetByRole(AriaRole.Button, new() { Name = "Grant", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var person = dialog.GetByLabel("Person", new() { Exact = true });
        await person.EvaluateAsync(
            """
            field => {
                const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
                Object.defineProperty(field, 'value', { get, set(text) { field.dataset.writtenBack = text; set.call(this, text); } });
            }
            """);
        await person.PressSequentiallyAsync("cleo@example.test");
        await dialog.Locator("datalist option").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.Null(await person.GetAttributeAsync("data-written-back")); // On a slow line that would take away what was typed since.
        await dialog.GetByLabel("Reason", new() { Exact = true }).FillAsync("Watches sessions");
        await dialog.GetByLabel("For", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "Platform" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Grant", Exact = true }).ClickAsync();
        await dialog.GetByText("means the whole organisation or nothing").WaitForAsync();
        await dialog.GetByLabel("For", new() { Exact = true }).SelectOptionAsync("");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Grant", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "cleo@example.test" }).GetByText("Active").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "1 person holds this role" }).WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke Session watcher of cleo" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByText("Nobody holds it now").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await page.GetByText("Archived", new() { Exact = true }).WaitForAsync();
        await page.OpenAsync("/roles");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Session watcher" }).GetByText("Archived").WaitForAsync();
    }

    private async Task<IPage> SignedInAsync(string name)
    {
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.SignInAsync($"{name}@example.test", Password);
        return page;
    }

    private async Task<ApprovalRequest> RequestAsync()
    {
        await using var db = _process.Database.AcrossOrganizations();
        return await db.ApprovalRequests.AsNoTracking().SingleAsync();
    }
}
