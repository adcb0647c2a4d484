using Governance.Domain.Identity;
using Governance.EndToEnd.Tests.Product;
using Governance.Testing.Data;
using Governance.Testing.Mail;
using Governance.Testing.Server;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>From an invitation to a sign-in in two steps, where cost administrators need a second factor.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private const string Admin = "ada@example.test";
    private const string Newcomer = "otto@example.test";
    private const string Password = "a long enough password";
    private TestDatabase _database = null!;
    private ProductUnderTest _product = null!;
    private Browser _browser = null!;
    private Tenant _tenant = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await using (var process = new ProductProcess(_database, TimeProvider.System))
        {
            await process.Get<Infrastructure.Data.DatabaseStartup>().RunAsync(default);
            _tenant = await Tenant.CreateAsync(process.Services, secondFactorRoles: [Roles.CostAdmin]);
            await _tenant.AddPersonAsync(process.Services, Admin, Password);
        }

        _product = new ProductUnderTest(_database);
        _browser = await Browser.LaunchAsync();
        await _product.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _product.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Invitation_ToARoleThatNeedsASecondFactor_LeadsToASignInWithACode()
    {
        await InviteAsync();
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        var errors = await PageErrors.CollectAsync(page);
        await JoinAsync(page);

        // Nothing else opens before there is a second factor.
        foreach (var path in new[] { "/", "/costs", "/people", "/sessions" })
        {
            await page.GotoAsync(path);
            await page.ArrivesAtAsync(SecondFactorActions.EnrolPage);
        }

        await page.GetByText("One of your roles needs a second factor").WaitForAsync();

        // A wrong code sets nothing up, and the key stays on the page.
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up an app" }).ClickAsync();
        var key = await page.Locator("#manual-key").InnerTextAsync();
        await page.GetByLabel("Code that the app shows").FillAsync(new AuthenticatorApp(key).WrongCodeAt(TimeProvider.System.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("This code does not fit").WaitForAsync();
        Assert.Equal(key, await page.Locator("#manual-key").InnerTextAsync());

        await page.GotoAsync("/account/second-factor");
        var (app, recoveryCodes) = await page.EnrolAsync();
        var enrolled = TimeProvider.System.GetUtcNow();
        Assert.Equal(10, recoveryCodes.Distinct(StringComparer.Ordinal).Count());
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" }).WaitForAsync();

        // The recovery codes are not shown again.
        await page.GotoAsync("/account/second-factor");
        await page.GetByText("10 of 10 recovery codes are left").WaitForAsync();
        var content = await page.ContentAsync();
        Assert.DoesNotContain(recoveryCodes, code => content.Contains(code, StringComparison.Ordinal));

        await page.GotoAsync("/");
        await page.SignOutAsync();
        await page.FirstStepAsync(Newcomer, Password);
        await page.SendCodeAsync(app.CodeAt(SecondFactorActions.CodeAfter(enrolled)));
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" }).WaitForAsync();
        Assert.Empty(errors.Violations);

        // Whoever administers people sees that it is there.
        page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.SignInAsync(Admin, Password);
        await page.OpenAsync("/people?search=otto");
        await page.GetByRole(AriaRole.Link, new() { Name = "Otto Example" }).ClickAsync();
        await page.GetByText("set up", new() { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task RecoveryCode_UsedTwice_OpensOnce()
    {
        var page = await FirstSignInAsync();
        var (_, recoveryCodes) = await page.EnrolAsync();
        await page.Context.CloseAsync();

        page = await AtTheSecondStepAsync();
        await page.SendRecoveryCodeAsync(recoveryCodes[0]);
        Assert.True(await page.IsSignedInAsync());
        await page.GotoAsync("/account/second-factor");
        await page.GetByText("9 of 10 recovery codes are left").WaitForAsync();

        var again = await AtTheSecondStepAsync();
        await again.SendRecoveryCodeAsync(recoveryCodes[0]);
        await again.GetByRole(AriaRole.Alert).GetByText("none of your recovery codes, or one that was used already").WaitForAsync();
        await again.GetByLabel("Recovery code").FillAsync(recoveryCodes[1]);
        await again.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        Assert.True(await again.IsSignedInAsync());
    }

    [Fact]
    public async Task Code_OfASignInReplayedInAnotherBrowser_IsRefused()
    {
        var enrolling = await FirstSignInAsync();
        var (app, _) = await enrolling.EnrolAsync();
        var enrolled = TimeProvider.System.GetUtcNow();
        var (first, second) = (await AtTheSecondStepAsync(), await AtTheSecondStepAsync());

        var at = SecondFactorActions.CodeAfter(enrolled);
        await first.SendCodeAsync(app.CodeAt(at));
        Assert.True(await first.IsSignedInAsync());
        await second.SendCodeAsync(app.CodeAt(at));

        Assert.False(await second.IsSignedInAsync());
        await second.GetByRole(AriaRole.Alert).GetByText("wrong or was used already").WaitForAsync();
        Assert.True(Totp.StepAt(TimeProvider.System.GetUtcNow()) <= Totp.StepAt(at) + 1, "The code was out of date by then, so that its refusal says nothing.");
        await second.GotoAsync("/costs");
        await second.ArrivesAtAsync("**/account/sign-in?*");
    }

    [Fact]
    public async Task Code_SentByTwoBrowsersAtOnce_LetsExactlyOneIn()
    {
        var enrolling = await FirstSignInAsync();
        var (app, recoveryCodes) = await enrolling.EnrolAsync();
        var enrolled = TimeProvider.System.GetUtcNow();
        IPage[] pages = [await AtTheSecondStepAsync(), await AtTheSecondStepAsync()];

        var code = app.CodeAt(SecondFactorActions.CodeAfter(enrolled));
        await Task.WhenAll(pages.Select(page => page.SendCodeAsync(code)));
        Assert.Single(await Task.WhenAll(pages.Select(page => page.IsSignedInAsync())), letIn => letIn);

        pages = [await AtTheSecondStepAsync(), await AtTheSecondStepAsync()];
        await Task.WhenAll(pages.Select(page => page.SendRecoveryCodeAsync(recoveryCodes[0])));
        Assert.Single(await Task.WhenAll(pages.Select(page => page.IsSignedInAsync())), letIn => letIn);
    }

    private async Task InviteAsync()
    {
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.SignInAsync(Admin, Password);
        await page.OpenAsync("/people");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Otto Example");
        await dialog.GetByLabel("Mail address").FillAsync(Newcomer);
        await dialog.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync(Roles.CostAdmin);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
        await page.GetByText($"An invitation is on its way to {Newcomer}").WaitForAsync();
        await page.Context.CloseAsync();
    }

    private async Task JoinAsync(IPage page)
    {
        var mail = await MailFolder.Of(_database).ToAsync(Newcomer);
        await page.GotoAsync(mail.Link.ToString());
        await page.GetByLabel("New password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await page.ArrivesAtAsync(SecondFactorActions.EnrolPage);

        // The link works once.
        var second = await _browser.PageAsync(_product.Url, Look.Light);
        await second.GotoAsync(mail.Link.ToString());
        await second.GetByText("This invitation does not work").WaitForAsync();
        await second.Context.CloseAsync();
    }

    /// <summary>The first sign-in of somebody who needs a second factor: it leads to where they set one up.</summary>
    private async Task<IPage> FirstSignInAsync()
    {
        await using (var process = new ProductProcess(_database, TimeProvider.System))
            await _tenant.AddPersonAsync(process.Services, Newcomer, Password, Roles.CostAdmin);
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.GotoAsync("/account/sign-in");
        await page.FillSignInAsync(Newcomer, Password);
        await page.ArrivesAtAsync(SecondFactorActions.EnrolPage);
        return page;
    }

    /// <summary>A browser of its own that has given address and password.</summary>
    private async Task<IPage> AtTheSecondStepAsync()
    {
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.FirstStepAsync(Newcomer, Password);
        return page;
    }
}
