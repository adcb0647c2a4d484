using Governance.Domain.Identity;
using Governance.EndToEnd.Tests.Product;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Passkeys, with Chromium's virtual authenticator. They belong to a domain, so the site is opened by a name, not an address.</summary>
public sealed class PasskeyTests : IAsyncLifetime
{
    private const string Email = "pia@example.test";
    private const string Password = "a long enough password";
    private TestDatabase _database = null!;
    private ProductUnderTest _product = null!;
    private Browser _browser = null!;

    private string Site => _product.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await using (var process = new ProductProcess(_database, TimeProvider.System))
        {
            await process.Get<Infrastructure.Data.DatabaseStartup>().RunAsync(default);
            var tenant = await Tenant.CreateAsync(process.Services, secondFactorRoles: [Roles.Auditor]);
            await tenant.AddPersonAsync(process.Services, Email, Password, Roles.Auditor);
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
    public async Task Passkey_Registered_SignsInAloneAndAsTheSecondStep()
    {
        var page = await _browser.PageAsync(Site, Look.Light);
        var errors = await PageErrors.CollectAsync(page);
        await VirtualAuthenticator.AddAsync(page);

        // A role that needs a second factor is content with a passkey.
        await page.GotoAsync("/account/sign-in");
        await page.FillSignInAsync(Email, Password);
        await page.ArrivesAtAsync(SecondFactorActions.EnrolPage);
        await page.GetByLabel("Name of the passkey").FillAsync("Laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Laptop" }).WaitForAsync();

        // Alone: neither address nor password nor code.
        await page.GotoAsync("/");
        await page.SignOutAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" }).WaitForAsync();

        // After the password, where it was typed all the same; the way back is kept.
        await page.SignOutAsync();
        await page.GotoAsync("/costs?by=model");
        await page.FillSignInAsync(Email, Password);
        await page.ArrivesAtAsync(SecondFactorActions.TwoStepPage);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.ArrivesAtAsync("**/costs?by=model");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Costs" }).WaitForAsync();
        Assert.Empty(errors.Violations);
    }

    [Fact]
    public async Task Passkey_OfABrowserThatHasNone_IsRefusedOnThePage()
    {
        var page = await _browser.PageAsync(Site, Look.Light);
        await VirtualAuthenticator.AddAsync(page);
        await page.GotoAsync("/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.GetByText("The browser gave no passkey").WaitForAsync();
    }
}
