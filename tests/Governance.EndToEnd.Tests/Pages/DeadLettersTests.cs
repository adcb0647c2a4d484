using System.Diagnostics;
using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.EndToEnd.Tests.Product;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Pages;

/// <summary>Failed work and two administrators, each in a browser of their own.</summary>
public sealed class DeadLettersTests : IAsyncLifetime
{
    private const string Password = "a long enough password";
    private const string Booking = "ledger.settle";
    private const int Many = 100_000;

    private TestDatabase _database = null!;
    private ProductUnderTest _product = null!;
    private ProductProcess _process = null!;
    private Browser _browser = null!;
    private Tenant _tenant = null!;
    private Guid _callId;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _product = new ProductUnderTest(_database);
        _process = new ProductProcess(_database, TimeProvider.System);
        await _process.Get<DatabaseStartup>().RunAsync(default);
        _tenant = await Tenant.CreateAsync(_process.Services);
        await _tenant.AddPersonAsync(_process.Services, "ann@example.test", Password);
        await _tenant.AddPersonAsync(_process.Services, "ben@example.test", Password);
        var call = new ImportedCall(TimeProvider.System.GetUtcNow().AddMinutes(-5), _tenant.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 1000));
        (await _process.Get<UsageImport>().ImportAsync(_tenant.Admin, [call], default)).Required();
        await using (var db = _process.Database.AcrossOrganizations()) _callId = await db.Calls.Select(row => row.Id).SingleAsync();
        await _product.StartAsync();
        _browser = await Browser.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _product.DisposeAsync();
        await _process.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Retry_AHundredThousandFromThePage_ShowsProgressWhilePagesStayQuick()
    {
        Assert.SkipWhen(_database.Provider == DatabaseProvider.Postgres, "The page does not depend on the database; the service's own test has as many on both.");
        await AddManyAsync();
        var page = await SignedInAsync("ann");
        await page.OpenAsync("/dead-letters");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry all 100,000" }).ClickAsync();
        var started = Stopwatch.GetTimestamp();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();

        // Progress is seen, and the page answers meanwhile: a filter, another page, and back.
        var progress = page.Locator("progress");
        await progress.WaitForAsync();
        var slowest = TimeSpan.Zero;
        foreach (var path in new[] { "/dead-letters?state=waiting", "/approvals", "/dead-letters" })
        {
            var asked = Stopwatch.GetTimestamp();
            await page.OpenAsync(path);
            slowest = Stopwatch.GetElapsedTime(asked) is var took && took > slowest ? took : slowest;
        }

        await Eventually.TrueAsync(async () => await CountAsync(item => item.State == WorkState.Quarantined) == 0, "all were put back");
        var putBack = Stopwatch.GetElapsedTime(started);
        await Eventually.TrueAsync(async () => await CountAsync(item => item.Kind == Booking) == 0, "all were done", TimeSpan.FromMinutes(5));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Many:N0} put back in {putBack.TotalSeconds:N1} s, done after {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s; the slowest page took {slowest.TotalSeconds:N1} s");
        Assert.True(slowest < TimeSpan.FromSeconds(30), $"A page took {slowest}.");

        await page.OpenAsync("/dead-letters");
        await page.GetByText("All is well").WaitForAsync();
        await using var db = _process.Database.AcrossOrganizations();
        Assert.Equal(1, await db.LedgerEntries.CountAsync());
    }

    [Fact]
    public async Task Edit_OfABooking_IsShownAsADiffAndMadeWhenAnotherAgrees()
    {
        await AddAsync();
        var (ann, ben) = (await SignedInAsync("ann"), await SignedInAsync("ben"));
        await ann.OpenAsync("/dead-letters");
        await ann.GetByRole(AriaRole.Link, new() { Name = "Booking of a call" }).ClickAsync();
        await ann.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        var dialog = ann.GetByRole(AriaRole.Dialog);
        var text = await dialog.GetByLabel("Payload").InputValueAsync();
        await dialog.GetByLabel("Payload").FillAsync(text.Replace("\"Output\": 12", "\"Output\": -12", StringComparison.Ordinal));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what changes" }).ClickAsync();
        await dialog.GetByText("cannot be less than nothing").WaitForAsync();
        await dialog.GetByLabel("Payload").FillAsync(text.Replace("\"Output\": 12", "\"Output\": 13", StringComparison.Ordinal));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what changes" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "Result.Usage.Output" }).WaitForAsync();
        await Assertions.Expect(dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await dialog.GetByLabel("Reason").FillAsync("The provider's bill says 13");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Propose" }).ClickAsync();
        await ann.GetByText("Another person must agree first").WaitForAsync();

        await ben.OpenAsync("/approvals");
        await ben.GetByRole(AriaRole.Link, new() { Name = "Edit and retry: Booking of a call" }).ClickAsync();
        await ben.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await ben.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await ben.GetByText("approved it, and it took effect").WaitForAsync();
        await Eventually.TrueAsync(async () => await CountAsync(item => item.Kind == Booking) == 0, "it was done with the new payload");
    }

    [Fact]
    public async Task Chosen_RetriedOnThePage_IsDone()
    {
        await AddAsync();
        var page = await SignedInAsync("ann");
        await page.OpenAsync("/dead-letters?kind=" + Booking);
        await page.GetByLabel("Choose all of this page").CheckAsync();
        await page.GetByText("1 item chosen of 1.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry chosen" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();
        await page.GetByText("Nothing matches").WaitForAsync();
        await Eventually.TrueAsync(async () => await CountAsync(item => item.Kind == Booking) == 0, "it was done");
    }

    private string Payload => JsonSerializer.Serialize(
        new { CallId = _callId, Result = new CallResult(CallOutcome.Succeeded, FakeTime.DefaultStart) { Usage = new TokenUsage(Input: 1000, Output: 12), Provenance = Provenance.Reported } },
        JsonSerializerOptions.Default);

    private async Task AddAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var cause = PublicId.Format(PublicId.Request, _callId);
        await using var db = _process.Database.ForOrganization(_tenant.Id);
        db.WorkItems.Add(new WorkItem
        {
            Id = WorkItem.IdOf(Booking, cause), OrganizationId = _tenant.Id, Kind = Booking, Cause = cause, Payload = Payload, CreatedAt = now, DueAt = now, State = WorkState.Quarantined,
            QuarantinedAt = now, Attempts = 12, LastError = "The database closed the connection.", ErrorPattern = "The database closed the connection.",
        });
        await db.SaveChangesAsync();
    }

    /// <summary>Bookings of a call that is booked already, so that the work of each is to find that out.</summary>
    private async Task AddManyAsync()
    {
        var (now, payload) = (TimeProvider.System.GetUtcNow().UtcTicks, Payload);
        const string error = "The database closed the connection.";
        await using var db = _process.Database.AcrossOrganizations();
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Many})
            INSERT INTO "WorkItems" ("Id", "OrganizationId", "Kind", "Payload", "CreatedAt", "DueAt", "State", "Attempts", "LastError", "ErrorPattern", "History", "QuarantinedAt", "Version")
            SELECT printf('%08X-0000-7000-8000-%012X', i, i), {_tenant.Id}, {Booking}, {payload}, {now}, {now}, 'Quarantined', 12, {error}, {error}, '[]', {now}, 0 FROM n
            """);
    }

    private async Task<int> CountAsync(System.Linq.Expressions.Expression<Func<WorkItem, bool>> which)
    {
        await using var db = _process.Database.AcrossOrganizations();
        return await db.WorkItems.CountAsync(which);
    }

    private async Task<IPage> SignedInAsync(string name)
    {
        var page = await _browser.PageAsync(_product.Url, Look.Light);
        await page.SignInAsync($"{name}@example.test", Password);
        return page;
    }
}
