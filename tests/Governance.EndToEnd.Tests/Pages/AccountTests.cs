using System.Text.RegularExpressions;
using Governance.EndToEnd.Tests.Product;
using Governance.Testing.Data;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Sign-in, sign-out, set-up, enhanced navigation and coming back after a restart.</summary>
public sealed partial class AccountTests : IAsyncLifetime
{
    private const string Password = "a long enough password";
    private TestDatabase _database = null!;
    private ProductUnderTest _product = null!;
    private Browser _browser = null!;
    private IPage _page = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(migrated: false);
        _product = new ProductUnderTest(_database);
        _browser = await Browser.LaunchAsync();
        await _product.StartAsync();
        _page = await _browser.PageAsync(_product.Url, Look.Light);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _product.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task SetUp_FirstVisitor_CreatesTheOrganisationAndIsSignedIn()
    {
        // Whoever comes first is led to the set-up, which is closed without the token of the console.
        await _page.GotoAsync("/");
        await _page.ArrivesAtAsync("**/setup");
        Assert.Equal(0, await _page.GetByLabel("Organisation").CountAsync());

        var link = SetupLink().Match(_product.Output).Value;
        await SetUpAsync(_page, link);
        Assert.Equal("Overview", await _page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync());
        await _page.GetByText("Create a key").First.WaitForAsync();

        // The link works once.
        var second = await _browser.PageAsync(_product.Url, Look.Light);
        await second.GotoAsync(link);
        await second.ArrivesAtAsync("**/account/sign-in");
    }

    [Fact]
    public async Task Session_SignOutWrongPasswordSignIn_WorksThroughPlainForms()
    {
        var app = await SetUpAsync(_page, SetupLink().Match(_product.Output).Value);
        var enrolled = TimeProvider.System.GetUtcNow();

        await _page.SignOutAsync();
        await _page.GotoAsync("/costs?by=model");
        await _page.ArrivesAtAsync("**/account/sign-in?returnUrl=*");

        await _page.GetByLabel("Email").FillAsync("ann@example.test");
        await _page.GetByLabel("Password").FillAsync("a wrong password, wrong");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await _page.GetByRole(AriaRole.Alert).GetByText("do not match").WaitForAsync();

        await _page.GetByLabel("Email").FillAsync("ann@example.test");
        await _page.GetByLabel("Password").FillAsync(Password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await _page.ArrivesAtAsync(SecondFactorActions.TwoStepPage);
        await _page.SendCodeAsync(app.CodeAt(SecondFactorActions.CodeAfter(enrolled)));
        await _page.ArrivesAtAsync("**/costs?by=model");
    }

    [Fact]
    public async Task Circuit_ServerRestarts_ThePageComesBackByItself()
    {
        await SetUpAsync(_page, SetupLink().Match(_product.Output).Value);

        // Inside the application, links do not load the page anew.
        var errors = await PageErrors.CollectAsync(_page);
        await _page.EvaluateAsync("() => { document.documentElement.id = 'stayed'; }");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Prices" }).First.ClickAsync();
        await _page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Prices" }).WaitForAsync();
        Assert.Equal(1, await _page.Locator("#stayed").CountAsync());

        _product.Kill();
        await _page.GetByText("The connection to the server was lost").WaitForAsync();
        await _product.StartAsync();

        // The circuit is gone with the process, so the script reloads the page; the person is still signed in.
        await _page.Locator("#stayed").WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = 180_000 });
        await _page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Prices" }).WaitForAsync();
        await _page.GetByRole(AriaRole.Searchbox).FillAsync("gpt-5-mini");
        await _page.ArrivesAtAsync("**/prices?search=gpt-5-mini*");
        Assert.Empty(errors.Violations);
    }

    /// <summary>Fills the set-up in. Its administrator needs a second factor before anything else.</summary>
    private static async Task<AuthenticatorApp> SetUpAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await page.GetByLabel("Organisation").FillAsync("Example");
        await page.GetByLabel("Reporting time zone").FillAsync("Europe/Berlin");
        await page.GetByLabel("Currency of your books").SelectOptionAsync("EUR");
        await page.GetByLabel("Your name").FillAsync("Ann Example");
        await page.GetByLabel("Your email").FillAsync("ann@example.test");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create organisation" }).ClickAsync();
        await page.ArrivesAtAsync(SecondFactorActions.EnrolPage);
        var (app, _) = await page.EnrolAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await page.LeavesAccountAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        return app;
    }

    [GeneratedRegex(@"http://\S+/setup\?token=\w+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SetupLink();
}
