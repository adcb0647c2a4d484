using Deque.AxeCore.Commons;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Every page: nothing serious for axe in light, dark and on a phone; no page wider than its window; no error in the console.</summary>
[Collection(nameof(Demo))]
public sealed class AccessibilityTests(Demo demo)
{
    /// <summary>Every page that somebody who is signed in can open.</summary>
    internal static readonly string[] Pages =
    [
        "/", "/?period=last-90-days", "/costs", "/costs?by=person", "/costs?by=model&period=this-month", "/requests", "/keys", "/keys?create=1",
        "/keys?state=old", "/keys/service-accounts", "/prices", "/prices/estimates", "/providers", "/providers?add=1", "/providers/no-such-connection", "/people", "/people?state=invited", "/people?search=nobody-of-this-name", "/people/import", "/teams", "/teams?archived=1",
        "/settings/organization", "/settings/integrations", "/content-capture", "/limits", "/no-such-page",
        "/dead-letters", "/dead-letters?state=all", "/dead-letters?search=no-error-says-this", "/dead-letters/no-such-work",
        "/approvals", "/approvals?view=mine", "/approvals?view=all", "/roles", "/roles/system_admin", "/roles/key_keeper", "/roles/cost_viewer?state=all",
        "/roles/new-role", "/roles/key_keeper/edit", "/access",
        "/access-reviews", "/access-reviews/no-such-review", "/audit", "/audit/integrity", "/audit?live=1&severity=notice", "/audit?action=no.such_action", "/audit/no-such-entry",
        "/audit?text=person", "/audit?text=no-detail-says-this",
    ];

    /// <summary>What can differ between the light and the dark look of the same document; none for every rule.</summary>
    private static readonly string[] EveryRule = [], ColoursOnly = ["color-contrast", "link-in-text-block"];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    [Fact]
    public async Task Page_EveryLook_HasNothingSerious()
    {
        SkipOnPostgres();
        var page = await demo.SignedInAsync();
        string[] details =
        [
            await NewestRequestAsync(), await FirstLinkAsync(page, "/people"), await FirstLinkAsync(page, "/teams"), await FirstLinkAsync(page, "/keys"),
            await FirstLinkAsync(page, "/keys/service-accounts"), .. await LinkedAsync(page, "/providers"), await FirstLinkAsync(page, "/audit?live=1&severity=notice"), .. await LinkedAsync(page, "/approvals?view=all"), .. await LinkedAsync(page, "/dead-letters?kind=ledger.settle"), .. await LinkedAsync(page, "/roles/cost_viewer"),
        ];
        await CheckAsync(page, Pages.Concat(details));
    }

    [Fact]
    public async Task AccessReview_EveryLook_HasNothingSerious()
    {
        SkipOnPostgres();
        var page = await demo.SignedInAsync("compliance_officer");
        await page.OpenAsync("/access-reviews");
        var reviews = await page.Locator("tbody th a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        await CheckAsync(page, reviews.SelectMany(review => new[] { review, review + "?print=1", review + "?decision=undecided&kind=key" }).Append("/access-reviews?start=1"));
    }

    [Fact]
    public async Task AccountPage_EveryLook_HasNothingSerious()
    {
        SkipOnPostgres();
        var page = await demo.Browser.PageAsync(demo.Url, Look.Light);
        await CheckAsync(page, ["/account/sign-in", "/account/access-denied", "/error"]);
    }

    /// <summary>The check itself can fail.</summary>
    [Fact]
    public async Task Problems_PictureWithoutWordsAndPaleText_AreFound()
    {
        SkipOnPostgres();
        var page = await demo.Browser.PageAsync(demo.Url, Look.Light);
        await page.SetContentAsync("<html lang='en'><title>A page</title><body style='width: 3000px'><main><h1 style='color: #ccc'>Pale</h1><img src='data:,'></main></body></html>");
        await page.EvaluateAsync(Axe);
        Assert.Equal(["color-contrast", "image-alt", "too wide"], await FoundAsync(EveryRule));
        Assert.Equal(["color-contrast", "too wide"], await FoundAsync(ColoursOnly));
        await page.Context.CloseAsync();

        async Task<IEnumerable<string>> FoundAsync(string[] rules) =>
            (await ProblemsAsync(page, "page", rules)).Select(problem => problem.Split(": ") is [_, var rule, ..] ? rule : "too wide").Order();
    }

    private void SkipOnPostgres() => Assert.SkipWhen(demo.OnPostgres, "What a page looks like does not depend on the database.");

    /// <summary>Opens each page once and looks at it in every look: colours follow the scheme, and the layout follows the width, without loading it anew.</summary>
    private static async Task CheckAsync(IPage page, IEnumerable<string> paths)
    {
        var problems = new List<string>();
        page.Console += (_, message) => Collect(problems, message);
        foreach (var path in paths)
        {
            await page.OpenAsync(path);
            await page.EvaluateAsync(Axe);
            foreach (var look in new[] { Look.Light, Look.Dark, Look.Phone })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = look.Scheme });
                await page.SetViewportSizeAsync(look.Width, look.Height);
                problems.AddRange(await ProblemsAsync(page, $"{path} ({look.Name})", look == Look.Dark ? ColoursOnly : EveryRule));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        await page.Context.CloseAsync();
    }

    /// <summary>Where the rows of a page's table lead: the first two of them.</summary>
    private static async Task<IEnumerable<string>> LinkedAsync(IPage page, string path)
    {
        await page.OpenAsync(path);
        var links = page.Locator("main tbody th a");
        await links.First.WaitForAsync();
        return (await links.EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))")).Take(2);
    }

    private async Task<string> NewestRequestAsync()
    {
        var list = await demo.ApiAsync("/api/v1/requests?limit=1");
        return "/requests/" + list.GetProperty("items")[0].GetProperty("requestId").GetString();
    }

    /// <summary>Where the first row of a list leads.</summary>
    private static async Task<string> FirstLinkAsync(IPage page, string list)
    {
        await page.OpenAsync(list);
        return (await page.Locator("tbody th a").First.GetAttributeAsync("href"))!;
    }

    private static async Task<IEnumerable<string>> ProblemsAsync(IPage page, string path, string[] rules)
    {
        // By axe itself: its package for Playwright opens another page for each run and says of everything that it is right, which takes most of the time.
        var violations = await page.EvaluateAsync<string[]>(
            """
            async rules => {
              const found = await axe.run(document, { resultTypes: ['violations'], selectors: false, ...(rules.length ? { runOnly: rules } : {}) });
              return found.violations.filter(violation => ['serious', 'critical'].includes(violation.impact))
                .map(violation => `${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
            }
            """,
            rules);
        var problems = violations.Select(violation => $"{path}: {violation}").ToList();
        var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (overflow > 0) problems.Add($"{path} is {overflow} px wider than its window");
        return problems;
    }

    private static void Collect(List<string> problems, IConsoleMessage message)
    {
        // The browser itself reports the answer 404 of the page that does not exist.
        if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) problems.Add($"{message.Location}: {message.Text}");
    }
}
