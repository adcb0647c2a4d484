using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>How a page is looked at.</summary>
public sealed record Look(string Name, ColorScheme Scheme, int Width, int Height)
{
    public static Look Light { get; } = new("light", ColorScheme.Light, 1440, 1000);

    public static Look Dark { get; } = new("dark", ColorScheme.Dark, 1440, 1000);

    public static Look Phone { get; } = new("phone", ColorScheme.Light, 390, 844);
}

/// <summary>Debian's Chromium, headless.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<IPage> _pages = new();

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Find("chromium"), Args = Arguments });
        return new Browser(playwright, browser);
    }

    /// <summary>A page in a context of its own, so that nobody is signed in.</summary>
    public async Task<IPage> PageAsync(string url, Look look, string locale = "en-US")
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = url,
            ColorScheme = look.Scheme,
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            Locale = locale,
            TimezoneId = "Europe/Berlin",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout((float)Eventually.Bound.TotalMilliseconds);
        var page = await context.NewPageAsync();
        _pages.Enqueue(page);
        return page;
    }

    /// <summary>Closes it. Where the test that used it failed, what its pages said is part of what failed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var page in _pages.Where(page => !page.IsClosed)) await FailedTest.SaysAsync(page.Url, () => page.Locator("body").InnerTextAsync(new() { Timeout = 5000 }));
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{program} is not on the PATH. ./test.sh installs it.");
}

/// <summary>What people do on every page.</summary>
public static class PageActions
{
    public static async Task SignInAsync(this IPage page, string email, string password)
    {
        await page.GotoAsync("/account/sign-in");
        await page.FillSignInAsync(email, password);

        // The heading says that the page is there.
        await page.LeavesAccountAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
    }

    /// <summary>Gives address and password on the open page, wherever that leads.</summary>
    public static async Task FillSignInAsync(this IPage page, string email, string password)
    {
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Opens an address and waits until what it shows is loaded.</summary>
    public static async Task OpenAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        await page.LoadedAsync();
    }

    /// <summary>
    /// The page has come to an address. The client's own waiting for one waits for the page's load event, too, which it can miss on a busy machine; what a test
    /// does next waits for what it needs.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="address">The address; ** stands for anything, * for anything within a segment.</param>
    /// <param name="within">How long it may take.</param>
    public static Task ArrivesAtAsync(this IPage page, string address, TimeSpan? within = null)
    {
        var pattern = $"^{Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$";
        return page.ArrivesAsync(url => Regex.IsMatch(url, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), address, within);
    }

    /// <summary>The sign-in, or what has to be done before it, is over.</summary>
    public static Task LeavesAccountAsync(this IPage page) => page.ArrivesAsync(url => !url.Contains("/account/", StringComparison.Ordinal), "a page of the product");

    private static async Task ArrivesAsync(this IPage page, Func<string, bool> isThere, string address, TimeSpan? within = null)
    {
        await Eventually.TrueAsync(() => isThere(page.Url), $"the page came to {address}", within);
        await page.Locator("main").First.WaitForAsync();
    }

    /// <summary>No panel of the page is loading any more.</summary>
    public static async Task LoadedAsync(this IPage page)
    {
        // By locators: functions to wait for are evaluated in the page, whose content security policy refuses that.
        await page.Locator("main").First.WaitForAsync();
        await page.Locator("[aria-busy=true], .load-first").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
