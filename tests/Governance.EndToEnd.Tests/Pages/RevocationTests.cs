using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.EndToEnd.Tests.Product;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Governance.Testing.Upstream;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>How fast it takes effect, on pages, tokens and keys, that a person is disabled.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private const string Admin = "ada@example.test";
    private const string Email = "bruno@example.test";
    private const string Password = "a long enough password";
    private static readonly TimeSpan PagesStopWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OtherProcessesRefuseWithin = TimeSpan.FromSeconds(5);

    private TestDatabase _database = null!;
    private StubUpstream _upstream = null!;
    private ProductUnderTest _product = null!;
    private Browser _browser = null!;
    private Person _person = null!;
    private string _key = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _upstream = await StubUpstream.StartAsync();
        await using (var process = new ProductProcess(_database, TimeProvider.System))
        {
            await process.Get<DatabaseStartup>().RunAsync(default);
            var tenant = await Tenant.CreateAsync(process.Services);
            await tenant.AddPersonAsync(process.Services, Admin, Password);
            _person = await tenant.AddPersonAsync(process.Services, Email, Password, Roles.CostViewer);
            _key = (await process.Get<KeyService>().CreateAsync(
                tenant.Admin, new NewVirtualKey(tenant.Application.Id, "Bruno's", "production", "internal") { OwnerId = _person.Id }, default)).Required().Secret;
        }

        _product = NewProduct();
        _browser = await Browser.LaunchAsync();
        await _product.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _product.DisposeAsync();
        await _upstream.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Disable_PersonWithAnOpenPage_ATokenAndAKey_StopsThemAllAndEnableBringsTheKeyBack()
    {
        var theirs = await OpenPageAsync(_product);
        using var token = await TokenAsync(_product);
        using var key = Caller(_product, _key);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await ReadAsync(token), await CallAsync(key)));

        var page = await PersonPageAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("The key that belongs to them is refused").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await page.GetByText("can neither sign in nor do anything").WaitForAsync();

        // The very next call of each.
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await ReadAsync(token), await CallAsync(key)));
        await StopsAsync(theirs);

        await PressAsync(page, "Enable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).WaitForAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(key));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(token)); // Tokens ended for good: they are had by signing in.
        await theirs.SignInAsync(Email, Password);
    }

    [Fact]
    public async Task Disable_InOneProcess_StopsTokenKeyAndPageInAnother()
    {
        Assert.SkipWhen(_database.Provider == DatabaseProvider.Sqlite, "SQLite is for one process.");
        await using var other = NewProduct();
        await other.StartAsync();
        var theirs = await OpenPageAsync(other);
        using var token = await TokenAsync(other);
        using var key = Caller(other, _key);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await ReadAsync(token), await CallAsync(key)));

        var page = await PersonPageAsync();
        var tokenEnds = LastAcceptedAsync(() => ReadAsync(token));
        var keyEnds = LastAcceptedAsync(() => CallAsync(key));
        await PressAsync(page, "Disable");
        var (lastRead, lastCall) = (await tokenEnds, await keyEnds);

        var disabledAt = await DisabledAtAsync();
        Assert.True(lastRead - disabledAt <= OtherProcessesRefuseWithin, $"The token was accepted {(lastRead - disabledAt).TotalSeconds} s later.");
        Assert.True(lastCall - disabledAt <= OtherProcessesRefuseWithin, $"The key was accepted {(lastCall - disabledAt).TotalSeconds} s later.");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Last accepted after the disabling: token {(lastRead - disabledAt).TotalSeconds:N1} s, key {(lastCall - disabledAt).TotalSeconds:N1} s.");
        await StopsAsync(theirs);

        await PressAsync(page, "Enable");
        await Eventually.TrueAsync(async () => await CallAsync(key) == HttpStatusCode.OK, "the key worked again", OtherProcessesRefuseWithin * 2);
    }

    private ProductUnderTest NewProduct() => new(_database, new Dictionary<string, string?>
    {
        ["Providers:OpenAI:BaseUrl"] = _upstream.BaseUrl,
        ["Providers:OpenAI:ApiKey"] = StubUpstream.ApiKey,
    });

    private async Task<IPage> OpenPageAsync(ProductUnderTest product)
    {
        var page = await _browser.PageAsync(product.Url, Look.Light);
        await page.SignInAsync(Email, Password);
        await page.OpenAsync("/costs");
        return page;
    }

    /// <summary>The person's page, as the administrator sees it.</summary>
    private async Task<IPage> PersonPageAsync()
    {
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.SignInAsync(Admin, Password);
        await page.OpenAsync($"/people/{_person.Id}");
        return page;
    }

    private static async Task PressAsync(IPage page, string verb)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = verb }).ClickAsync();
    }

    /// <summary>An open page that nobody touches shows the sign-in instead.</summary>
    private static async Task StopsAsync(IPage page)
    {
        await page.ArrivesAtAsync("**/account/sign-in?returnUrl=*", PagesStopWithin);
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Sign in", Exact = true }).WaitForAsync();
    }

    private static async Task<HttpClient> TokenAsync(ProductUnderTest product)
    {
        using var client = new HttpClient { BaseAddress = new Uri(product.Url) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = Email, ["password"] = Password });
        using var answer = await client.PostAsync("/api/v1/auth/token", form);
        answer.EnsureSuccessStatusCode();
        return Caller(product, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!);
    }

    private static HttpClient Caller(ProductUnderTest product, string bearer)
    {
        var client = new HttpClient { BaseAddress = new Uri(product.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    private static async Task<HttpStatusCode> ReadAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/requests");
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync(
            "/proxy/openai/v1/chat/completions", new { model = "gpt-5-mini", messages = new[] { new { role = "user", content = "Hi" } } });
        return answer.StatusCode;
    }

    /// <summary>Calls until it is refused.</summary>
    /// <returns>When the last call began that was not: what a busy machine takes to answer says nothing of the product.</returns>
    private static async Task<DateTimeOffset> LastAcceptedAsync(Func<Task<HttpStatusCode>> call)
    {
        var last = DateTimeOffset.MinValue;
        await Eventually.TrueAsync(
            async () =>
            {
                var began = TimeProvider.System.GetUtcNow();
                var status = await call();
                if (status == HttpStatusCode.OK) last = began;
                else Assert.Equal(HttpStatusCode.Unauthorized, status);
                return status == HttpStatusCode.Unauthorized;
            },
            "the calls were refused");
        return last;
    }

    private async Task<DateTimeOffset> DisabledAtAsync()
    {
        await using var db = _database.Database.ForOrganization(_person.OrganizationId);
        return (await db.Users.Where(person => person.Id == _person.Id).Select(person => person.DisabledAt).SingleAsync())!.Value;
    }
}
