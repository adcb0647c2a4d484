using System.Globalization;
using Governance.EndToEnd.Tests.Product;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>The sum on every page is the sum of the rows.</summary>
[Collection(nameof(Demo))]
public sealed class FiguresTests(Demo demo)
{
    private const string From = "2026-01-01";

    [Fact]
    public async Task Costs_EachDimension_TotalsToTheSumOfTheRows()
    {
        // A closed period: calls that other tests make do not change it.
        var (from, to) = await ClosedPeriodAsync();
        var rows = await SumOfRowsAsync(from, to);
        var page = await demo.SignedInAsync("cost_viewer");
        foreach (var dimension in new[] { "team", "application", "key", "model", "provider", "person" })
        {
            await page.OpenAsync($"/costs?by={dimension}&from={from}&to={to}");

            var table = page.GetByRole(AriaRole.Table, new() { Name = "Costs by" });
            var total = await ExactAsync(table.Locator("tfoot td").First);
            var listed = 0m;
            foreach (var cell in await table.Locator("tbody tr td:nth-of-type(1)").AllAsync()) listed += await ExactAsync(cell);

            Assert.Equal((dimension, rows, rows), (dimension, total, listed));
            Assert.Equal(rows, (await demo.ApiAsync($"/api/v1/costs?by={dimension}&from={from}&to={to}")).GetProperty("totalCostNanoUsd").GetInt64() / 1_000_000_000m);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Overview_Spend_IsTheSumOfTheRows()
    {
        var (from, to) = await ClosedPeriodAsync();
        var page = await demo.SignedInAsync("cost_viewer");

        await page.OpenAsync($"/?from={from}&to={to}");

        var shown = await ExactAsync(page.GetByRole(AriaRole.Region, new() { Name = "Spend by model" }).Locator("strong").First);
        Assert.Equal(await SumOfRowsAsync(from, to), shown);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Costs_Csv_AddsUpToTheSumOfTheRows()
    {
        var (from, to) = await ClosedPeriodAsync();
        var page = await demo.SignedInAsync("cost_viewer");
        await page.OpenAsync($"/costs?by=model&from={from}&to={to}");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        var column = lines[0].TrimStart('\uFEFF').Split(',').ToList().FindIndex(name => name.Contains("cost", StringComparison.OrdinalIgnoreCase));
        var sum = lines.Skip(1).Sum(line => decimal.Parse(line.Split(',')[column], CultureInfo.InvariantCulture));
        Assert.Equal(await SumOfRowsAsync(from, to), sum);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Request_Why_AddsUpToWhatTheRowCost()
    {
        var rows = await demo.ApiAsync($"/api/v1/requests?from={From}&limit=50&outcome=succeeded&provider=anthropic");
        var row = rows.GetProperty("items").EnumerateArray().First(item => item.GetProperty("costNanoUsd").GetInt64() > 0); // Counting tokens is free.
        var page = await demo.SignedInAsync("cost_viewer");

        await page.OpenAsync("/requests/" + row.GetProperty("requestId").GetString());

        var table = page.Locator(".table-breakdown");
        var amounts = 0m;
        foreach (var cell in await table.Locator("tbody td:last-child").AllAsync()) amounts += Dollars(await cell.InnerTextAsync());
        var rounding = Dollars(await table.Locator("tfoot tr").First.Locator("td").Last.InnerTextAsync());
        var total = Dollars(await table.Locator("tfoot tr").Last.Locator("td").Last.InnerTextAsync());
        Assert.Equal((total, row.GetProperty("costNanoUsd").GetInt64() / 1_000_000_000m), (amounts + rounding, total));
        await page.Context.CloseAsync();
    }

    /// <summary>The last two weeks up to yesterday, in the organisation's zone.</summary>
    private async Task<(string From, string To)> ClosedPeriodAsync()
    {
        var newest = (await demo.ApiAsync("/api/v1/requests?limit=1")).GetProperty("items")[0].GetProperty("day").GetString()!;
        var day = DateOnly.ParseExact(newest, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return (Text(day.AddDays(-14)), Text(day.AddDays(-1)));
    }

    /// <summary>Adds up every row of the list, page by page.</summary>
    private async Task<decimal> SumOfRowsAsync(string from, string to)
    {
        var (sum, cursor) = (0L, (string?)null);
        do
        {
            var page = await demo.ApiAsync($"/api/v1/requests?from={from}&to={to}&limit=500{(cursor is null ? "" : $"&cursor={cursor}")}");
            sum += page.GetProperty("items").EnumerateArray().Sum(row => row.GetProperty("costNanoUsd").GetInt64());
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return sum / 1_000_000_000m;
    }

    /// <summary>A figure to the last digit, which stands in a title.</summary>
    private static async Task<decimal> ExactAsync(ILocator place)
    {
        var titled = place.Locator("[title*='$']");
        return Dollars(await (await titled.CountAsync() > 0 ? titled.First : place).GetAttributeAsync("title") ?? "");
    }

    private static decimal Dollars(string text) => decimal.Parse(text, NumberStyles.Currency, CultureInfo.GetCultureInfo("en-US"));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
