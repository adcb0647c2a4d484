using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Governance.Testing.Upstream;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>The product as a process: interrupted, started, and told things on the command line. Killed it is in <see cref="KillTests"/>.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Interrupt_WhileACallRuns_FinishesTheCallAndExitsCleanly()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var product = new ProductUnderTest(database, ProxyCaller.Provider(upstream));
        var tenant = await AddTenantAsync(database);
        await product.StartAsync();
        using var caller = new ProxyCaller(product, tenant.Key.Secret);
        var gate = new Gate();
        upstream.Enqueue(async exchange =>
        {
            await gate.PassAsync(exchange);
            await Replies.Json(Replies.Completion())(exchange);
        });
        var call = caller.CallAsync();
        await gate.Reached;

        var stopping = product.InterruptAsync();
        gate.Open();

        var callId = await call;
        Assert.Equal(0, await stopping);
        await using var inspection = new ProductProcess(database, TimeProvider.System);
        Assert.Equal(CallOutcome.Succeeded, (await FindAsync(inspection, tenant, callId)).Outcome!.Outcome);
    }

    [Fact]
    public async Task OrganizationCreate_BesideTheFirst_PrintsASignInThatWorks()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AddTenantAsync(database);
        await using var product = new ProductUnderTest(database);

        var (exitCode, output) = await product.RunAsync(
            "organization", "create", "--name", "Second", "--time-zone", "Asia/Tokyo", "--currency", "JPY", "--admin-name", "Bo", "--admin-email", "bo@second.test");

        Assert.True(exitCode == 0, output);
        var password = output[(output.LastIndexOf(' ') + 1)..].Trim();
        await product.StartAsync();
        await using var browser = await Browser.LaunchAsync();
        var page = await browser.PageAsync(product.Url, Look.Light);
        await page.GotoAsync("/account/sign-in");
        await page.FillSignInAsync("bo@second.test", password);

        // An administrator needs a second factor before anything else.
        await page.ArrivesAtAsync(SecondFactorActions.EnrolPage);
        await page.EnrolAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" }).WaitForAsync();
        Assert.Contains("Second", await page.Locator("header").First.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongConfiguration_NamesEveryKeyToChange()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var product = new ProductUnderTest(database, new Dictionary<string, string?>
        {
            ["Proxy:MaxRequestBytes"] = "1",
            ["Providers:OpenAI:BaseUrl"] = "not a url",
        });

        var (exitCode, output) = await product.RunAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains("MaxRequestBytes", output, StringComparison.Ordinal);
        Assert.Contains("Providers:OpenAI:BaseUrl", output, StringComparison.Ordinal);
    }

    private static async Task<Tenant> AddTenantAsync(TestDatabase database)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await process.Get<Infrastructure.Data.DatabaseStartup>().RunAsync(default);
        return await Tenant.CreateAsync(process.Services);
    }

    private static async Task<RequestRow> FindAsync(ProductProcess process, Tenant tenant, Guid callId) =>
        (await process.Get<RequestQueries>().FindAsync(tenant.Admin, callId, default))?.Row ?? throw new InvalidOperationException($"Call {callId} is lost.");
}
