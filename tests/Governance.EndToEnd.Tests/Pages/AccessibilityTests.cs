using Deque.AxeCore.Playwright;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Every page: nothing serious for axe in light, dark and on a phone; no page wider than the phone; no error in the console.</summary>
[Collection(nameof(Demo))]
public sealed class AccessibilityTests(Demo demo)
{
    /// <summary>Every page that somebody who is signed in can open.</summary>
    internal static readonly string[] Pages =
    [
        "/", "/?period=last-90-days", "/costs", "/costs?by=person", "/costs?by=model&period=this-month", "/requests", "/keys", "/keys?create=1",
        "/keys?state=old", "/keys/service-accounts", "/prices", "/people", "/people?state=invited", "/people?search=nobody-of-this-name", "/people/import", "/teams", "/teams?archived=1",
        "/settings/organization", "/no-such-page",
        "/approvals", "/approvals?view=mine", "/approvals?view=all", "/roles", "/roles/system_admin", "/roles/key_keeper", "/roles/cost_viewer?state=all",
        "/roles/new-role", "/roles/key_keeper/edit", "/access",
        "/access-reviews", "/access-reviews/no-such-review",
    ];

    private static readonly string[] Serious = ["serious", "critical"];

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("phone")]
    public async Task Page_EachLook_HasNothingSerious(string look)
    {
        var (chosen, problems) = (LookOf(look), new List<string>());
        var page = await demo.SignedInAsync(look: chosen);
        page.Console += (_, message) => Collect(problems, message);
        string[] details =
        [
            await NewestRequestAsync(), await FirstLinkAsync(page, "/people"), await FirstLinkAsync(page, "/teams"), await FirstLinkAsync(page, "/keys"),
            await FirstLinkAsync(page, "/keys/service-accounts"), .. await LinkedAsync(page, "/approvals?view=all"), .. await LinkedAsync(page, "/roles/cost_viewer"),
        ];
        foreach (var path in Pages.Concat(details))
        {
            await page.OpenAsync(path);
            problems.AddRange(await ProblemsAsync(page, path));
        }

        Assert.Empty(problems);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("phone")]
    public async Task AccessReview_EachLook_HasNothingSerious(string look)
    {
        var problems = new List<string>();
        var page = await demo.SignedInAsync("compliance_officer", LookOf(look));
        await page.OpenAsync("/access-reviews");
        var reviews = await page.Locator("tbody th a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))");
        foreach (var path in reviews.SelectMany(review => new[] { review, review + "?print=1", review + "?decision=undecided&kind=key" }).Append("/access-reviews?start=1"))
        {
            await page.OpenAsync(path);
            problems.AddRange(await ProblemsAsync(page, path));
        }

        Assert.Empty(problems);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("phone")]
    public async Task AccountPage_EachLook_HasNothingSerious(string look)
    {
        var problems = new List<string>();
        var page = await demo.Browser.PageAsync(demo.Url, LookOf(look));
        foreach (var path in new[] { "/account/sign-in", "/account/access-denied", "/error" })
        {
            await page.GotoAsync(path);
            problems.AddRange(await ProblemsAsync(page, path));
        }

        Assert.Empty(problems);
        await page.Context.CloseAsync();
    }

    private static Look LookOf(string name) => new[] { Look.Light, Look.Dark, Look.Phone }.Single(look => look.Name == name);

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

    private static async Task<IEnumerable<string>> ProblemsAsync(IPage page, string path)
    {
        var result = await page.RunAxe();
        var problems = result.Violations.Where(violation => Serious.Contains(violation.Impact))
            .Select(violation => $"{path}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}").ToList();
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
