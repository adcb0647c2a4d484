using System.Net.Http.Headers;
using System.Text;
using Governance.Domain;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Governance.Testing.Upstream;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>The product as a process: killed, interrupted, restarted, and told things on the command line.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Kill_InTheMiddleOfAStream_LosesNoFinishedCallAndLeavesTheOpenOneVisible()
    {
        for (var round = 0; round < TestScale.Cases(2, 50); round++)
        {
            await using var upstream = await StubUpstream.StartAsync();
            await using var database = await TestDatabase.CreateAsync();
            await using var product = new ProductUnderTest(database, new Dictionary<string, string?>(Provider(upstream))
            {
                // Soon enough to wait for, and not so soon that a living process on a busy machine is taken for dead.
                ["Processes:HeartbeatInterval"] = "00:00:00.300",
                ["Processes:DeadAfter"] = "00:00:08",
            });
            var tenant = await AddTenantAsync(database);
            await product.StartAsync();
            using var caller = NewCaller(product, tenant);
            var finished = new List<Guid>();
            for (var i = 0; i < 5 + round; i++) finished.Add(await CallAsync(caller));
            upstream.Enqueue(Replies.GatedStream(new Gate(), [Replies.Chunk("Hello")], []));
            var open = await OpenStreamAsync(caller);

            product.Kill();

            await using (var inspection = new ProductProcess(database, TimeProvider.System))
            {
                foreach (var call in finished) Assert.Equal(CallOutcome.Succeeded, (await FindAsync(inspection, tenant, call)).Outcome!.Outcome);
                Assert.True((await FindAsync(inspection, tenant, open)).IsOpen);
            }

            await product.StartAsync();
            await using var after = new ProductProcess(database, TimeProvider.System);
            await Eventually.TrueAsync(async () => !(await FindAsync(after, tenant, open)).IsOpen, "the open call was closed");
            var closed = await FindAsync(after, tenant, open);
            Assert.Equal((CallOutcome.Interrupted, Provenance.Estimated, true), (closed.Outcome!.Outcome, closed.Provenance!.Value, closed.Cost.NanoUsd > 0));
            var total = await after.Get<CostQueries>().TotalAsync(tenant.Admin, new CostFilter(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)), default);
            Assert.Equal(finished.Count + 1, total.Requests);
        }
    }

    [Fact]
    public async Task Interrupt_WhileACallRuns_FinishesTheCallAndExitsCleanly()
    {
        await using var upstream = await StubUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var product = new ProductUnderTest(database, Provider(upstream));
        var tenant = await AddTenantAsync(database);
        await product.StartAsync();
        using var caller = NewCaller(product, tenant);
        var gate = new Gate();
        upstream.Enqueue(async exchange =>
        {
            await gate.PassAsync(exchange);
            await Replies.Json(Replies.Completion())(exchange);
        });
        var call = CallAsync(caller);
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
        await page.WaitForURLAsync(SecondFactorActions.EnrolPage);
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

    private static Dictionary<string, string?> Provider(StubUpstream upstream) => new()
    {
        ["Providers:OpenAI:BaseUrl"] = upstream.BaseUrl,
        ["Providers:OpenAI:ApiKey"] = StubUpstream.ApiKey,
    };

    private static async Task<Tenant> AddTenantAsync(TestDatabase database)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await process.Get<Infrastructure.Data.DatabaseStartup>().RunAsync(default);
        return await Tenant.CreateAsync(process.Services);
    }

    private static HttpClient NewCaller(ProductUnderTest product, Tenant tenant)
    {
        var caller = new HttpClient { BaseAddress = new Uri(product.Url) };
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant.Key.Secret);
        return caller;
    }

    private static async Task<Guid> CallAsync(HttpClient caller)
    {
        using var response = await caller.PostAsync("/proxy/openai/v1/chat/completions", Body(stream: false));
        response.EnsureSuccessStatusCode();
        return IdOf(response);
    }

    private static async Task<Guid> OpenStreamAsync(HttpClient caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/openai/v1/chat/completions") { Content = Body(stream: true) };
        var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return IdOf(response);
    }

    private static StringContent Body(bool stream) => new(
        $$"""{"model":"gpt-5-mini","max_tokens":50,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json");

    private static Guid IdOf(HttpResponseMessage response) =>
        PublicId.TryParse(PublicId.Request, response.Headers.GetValues("x-governance-request-id").Single(), out var id) ? id : throw new InvalidOperationException();

    private static async Task<RequestRow> FindAsync(ProductProcess process, Tenant tenant, Guid callId) =>
        (await process.Get<RequestQueries>().FindAsync(tenant.Admin, callId, default))?.Row ?? throw new InvalidOperationException($"Call {callId} is lost.");
}
