using Governance.Domain.Identity;
using Governance.EndToEnd.Tests.Clients;
using Governance.EndToEnd.Tests.Product;
using Governance.Infrastructure.Identity.Access;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Sign-in at a real OpenID Connect provider.</summary>
public sealed class ExternalSignInTests : IAsyncLifetime
{
    private const string Email = "fay@example.test";
    private TestDatabase _database = null!;
    private ProductUnderTest _product = null!;
    private OidcProvider _provider = null!;
    private Browser _browser = null!;
    private Tenant _tenant = null!;
    private Guid _personId;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await using (var process = new ProductProcess(_database, TimeProvider.System))
        {
            await process.Get<Infrastructure.Data.DatabaseStartup>().RunAsync(default);
            _tenant = await Tenant.CreateAsync(process.Services);
            _personId = (await _tenant.AddPersonAsync(process.Services, Email, "a long enough password", Roles.Member, AccessScope.Team(_tenant.Application.TeamId))).Id;
        }

        var port = OidcProvider.FreePort();
        _product = new ProductUnderTest(_database, OidcProvider.Settings(port));
        _provider = await OidcProvider.StartAsync(port, _product.Url);
        await _product.StartAsync();
        _browser = await Browser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _product.DisposeAsync();
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_MemberOfAMappedGroup_HoldsItsRoleUntilTheyLeaveTheGroup()
    {
        await _provider.SetGroupsAsync(Email, "finance", "some other group");
        await SignInAsync(Email);
        Assert.Equal([Roles.CostAdmin, Roles.Member], await RolesAsync());

        await _provider.SetGroupsAsync(Email, "some other group");
        await SignInAsync(Email);
        Assert.Equal([Roles.Member], await RolesAsync());
    }

    [Fact]
    public async Task SignIn_UnknownOrUnverifiedAddress_IsRefusedWithWhatToDo()
    {
        var page = await AtTheProviderAsync("nobody@example.test");
        await page.GetByRole(AriaRole.Alert).GetByText("Ask an administrator to invite you").WaitForAsync();
        page = await AtTheProviderAsync("unverified@example.test");
        await page.GetByRole(AriaRole.Alert).GetByText("did not confirm your mail address").WaitForAsync();
    }

    private async Task SignInAsync(string login)
    {
        var page = await AtTheProviderAsync(login);
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" }).WaitForAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>Goes through the provider's own pages, in a browser that knows nobody.</summary>
    private async Task<IPage> AtTheProviderAsync(string login)
    {
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.GotoAsync("/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with Test directory" }).ClickAsync();
        await page.Locator("input[name=login]").FillAsync(login);
        await page.Locator("input[name=password]").FillAsync("any");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign-in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        return page;
    }

    private async Task<IEnumerable<string>> RolesAsync()
    {
        await using var process = new ProductProcess(_database, TimeProvider.System);
        return (await process.Get<AccessDirectory>().FindAsync(_personId, default))!.Roles.Order(StringComparer.Ordinal);
    }
}
