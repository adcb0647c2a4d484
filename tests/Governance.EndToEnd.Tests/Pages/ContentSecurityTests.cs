using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Every page works under its content security policy, which refuses nothing of ours and what is not ours.</summary>
[Collection(nameof(Demo))]
public sealed class ContentSecurityTests(Demo demo)
{
    [Fact]
    public async Task Page_Each_WorksUnderItsPolicy()
    {
        Assert.SkipWhen(demo.OnPostgres, "What a page loads does not depend on the database.");
        var page = await demo.SignedInAsync();
        var errors = await PageErrors.CollectAsync(page);
        var request = await demo.ApiAsync("/api/v1/requests?limit=1");
        foreach (var path in AccessibilityTests.Pages.Append("/requests/" + request.GetProperty("items")[0].GetProperty("requestId").GetString()))
        {
            await page.OpenAsync(path);
            await HoverChartAsync(page);
        }

        Assert.Empty(errors.All);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AccountPage_Each_WorksUnderItsPolicy()
    {
        var page = await demo.Browser.PageAsync(demo.Url, Look.Light);
        var errors = await PageErrors.CollectAsync(page);
        string[] paths =
        [
            "/setup", "/account/sign-in", "/account/access-denied", "/account/forgot-password", "/account/register", "/account/reset-password",
            "/account/accept-invitation", "/account/confirm-email", "/error",
        ];
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        }

        Assert.Empty(errors.All);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task OwnAccountPage_Each_WorksUnderItsPolicy()
    {
        var page = await demo.SignedInAsync();
        var errors = await PageErrors.CollectAsync(page);
        foreach (var path in new[] { "/account/profile", "/account/password", "/account/second-factor", "/account/confirm" })
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
        }

        Assert.Empty(errors.All);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AccountPage_LinkToAnotherPage_LoadsThatPagesScripts()
    {
        var page = await demo.SignedInAsync();
        var errors = await PageErrors.CollectAsync(page);
        await page.GotoAsync("/account/access-denied");

        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the overview" }).ClickAsync();

        await page.Locator(".rz-column-series path").First.WaitForAsync();
        Assert.Empty(errors.All);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Script_InjectedIntoAPage_DoesNotRun()
    {
        var page = await demo.SignedInAsync();
        var errors = await PageErrors.CollectAsync(page);
        await page.OpenAsync("/");

        await page.EvaluateAsync(
            """
            () => {
                const inline = document.createElement('div');
                inline.innerHTML = '<img src="missing" onerror="document.documentElement.id = \'injected\'">';
                document.body.append(inline);
                const script = document.createElement('script');
                script.textContent = 'document.documentElement.id = "injected"';
                document.body.append(script);
            }
            """);

        await Eventually.TrueAsync(() => Task.FromResult(errors.Violations.Count() >= 2), "the policy refused both scripts");
        Assert.Equal(0, await page.Locator("#injected").CountAsync());
        await page.Context.CloseAsync();
    }

    /// <summary>The chart places its tooltip by a style attribute: it has to appear beside the column.</summary>
    private static async Task HoverChartAsync(IPage page)
    {
        var columns = page.Locator(".rz-column-series path");
        if (await columns.CountAsync() == 0) return;
        var plot = page.Locator(".chart-plot").First;
        await plot.ScrollIntoViewIfNeededAsync();
        var box = (await plot.BoundingBoxAsync())!;
        var tooltips = page.Locator(".rz-chart-tooltip-content");

        // The chart listens once it has measured itself, so the mouse moves until it is noticed; not every day has a column. A chart that
        // draws itself anew takes its tooltip away again, so where it stands is asked in the same breath.
        var step = 0;
        float[]? shown = null;
        await Eventually.TrueAsync(
            async () =>
            {
                await page.Mouse.MoveAsync(box.X + (box.Width * (0.96f - (0.02f * (step++ % 45)))), box.Y + (box.Height * 0.75f));
                shown = await tooltips.EvaluateAllAsync<float[]?>("all => { const box = all[0]?.getBoundingClientRect(); return box?.width ? [box.x, box.width] : null; }");
                return shown is not null;
            },
            $"the chart of {page.Url} shows a tooltip");
        Assert.True(shown![1] < box.Width / 2 && shown[0] > box.X, "The tooltip is not where the chart put it.");
    }
}
