using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Governance.Infrastructure.Data;
using Governance.Testing.Data;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>One running product with demo data, shared by the tests that only read it or add calls.</summary>
public sealed class Demo : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public ProductUnderTest Product { get; private set; } = null!;

    public Browser Browser { get; private set; } = null!;

    public JsonElement Access { get; private set; }

    public bool OnPostgres => _database.Provider == DatabaseProvider.Postgres;

    public string Url => Product.Url;

    public string ProxyKey => Access.GetProperty("proxyKey").GetString()!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Product = new ProductUnderTest(_database);
        await Product.StartAsync("--demo");
        Access = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Product.DataDirectory, "demo.json"))).RootElement;
        Browser = await Browser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync(); // The start may have failed before it.
        await Product.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Address and password of the demo's sign-in for a role.</summary>
    public (string Email, string Password) SignInOf(string role)
    {
        var user = Access.GetProperty("users").EnumerateArray().Single(user => user.GetProperty("role").GetString() == role);
        return (user.GetProperty("email").GetString()!, user.GetProperty("password").GetString()!);
    }

    /// <summary>A page that is signed in.</summary>
    public async Task<Microsoft.Playwright.IPage> SignedInAsync(string role = "system_admin", Look? look = null)
    {
        var page = await Browser.PageAsync(Url, look ?? Look.Light);
        var (email, password) = SignInOf(role);
        await page.SignInAsync(email, password);
        return page;
    }

    /// <summary>An answer of the read API.</summary>
    public async Task<JsonElement> ApiAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Access.GetProperty("apiToken").GetString());
        return await client.GetFromJsonAsync<JsonElement>(path);
    }
}

/// <summary>Every test class that uses the demo runs one after the other over the same product.</summary>
[CollectionDefinition(nameof(Demo))]
public sealed class DemoCollection : ICollectionFixture<Demo>;
