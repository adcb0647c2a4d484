using System.Net.Http.Headers;
using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Governance.Testing.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>Two processes on one PostgreSQL behind a reverse proxy, as docs/scale-out.md describes: money is right whatever happens to either, and to the database.</summary>
public sealed class ScaleOutTests
{
    private const int Workers = 16;

    [Fact]
    public async Task TwoProcesses_OneKilledAndTheDatabaseCutOff_NeverPassABudgetAndLoseNoCall()
    {
        await using var upstream = await StubUpstream.StartAsync(Replies.Json(Replies.Completion(prompt: 10, completion: 95)));
        await using var database = await TestDatabase.CreateAsync();
        if (database.Provider == DatabaseProvider.Sqlite) Assert.Skip("A SQLite file has one process.");
        var settings = new Dictionary<string, string?>(ProxyCaller.Provider(upstream)) { ["Processes:HeartbeatInterval"] = "00:00:00.300", ["Processes:DeadAfter"] = "00:00:08" };
        await using var one = new ProductUnderTest(database, settings);
        using var folder = new TempFolder();
        await using var two = new ProductUnderTest(database, new Dictionary<string, string?>(settings) { ["Data:Directory"] = folder.Path });
        var (tenant, budget) = await PrepareAsync(database, limit: Money.FromDollars(0.15m));
        ShareKeys(database.Folder, folder.Path);
        await Task.WhenAll(one.StartAsync(), two.StartAsync());
        await using var proxy = await RoundRobin.StartAsync(one.Url, two.Url);

        // A call costs at most what is held for it: a token or two of prompt and 100 of answer.
        // What happens meanwhile: a process dies and comes back, then the database is away for a moment.
        using var done = new CancellationTokenSource();
        var (passed, refused) = (0, 0);
        var working = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));
        await Eventually.TrueAsync(() => Volatile.Read(ref passed) > 50, "calls pass");
        two.Kill();
        await two.StartAsync();
        await using (await database.TakeAwayAsync()) await Eventually.TrueAsync(() => Volatile.Read(ref refused) > 20, "calls are refused while the database is away");
        await Eventually.TrueAsync(async () => (await PeriodAsync(database, tenant, budget)).SpentNanoUsd > 140_000_000, "the money is spent", TimeSpan.FromMinutes(3));
        await done.CancelAsync();
        await working;

        await using var process = new ProductProcess(database, TimeProvider.System);
        await using var db = process.Database.ForOrganization(tenant.Id);
        await Eventually.TrueAsync(
            async () => !await db.Calls.AnyAsync(call => !db.LedgerEntries.Any(entry => entry.CallId == call.Id)), "every call has its outcome", TimeSpan.FromMinutes(2));
        Assert.Empty((await process.Get<LedgerProof>().ProveAsync(tenant.Id, default)).Differences);
        Assert.True((await PeriodAsync(database, tenant, budget)).SpentNanoUsd <= budget.LimitNanoUsd);
        Assert.True(await db.Calls.CountAsync(call => call.Connection != null) >= upstream.Received.Count, "No call reached the provider without a row.");

        async Task WorkAsync()
        {
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant.Key.Secret);
            while (!done.IsCancellationRequested)
            {
                using var body = new StringContent("""{"model":"gpt-5-mini","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(proxy.Url + "/proxy/openai/v1/chat/completions", body);
                if (response.IsSuccessStatusCode) Interlocked.Increment(ref passed);
                else Interlocked.Increment(ref refused);
                Assert.True(await WatchAsync(), "A budget is over its limit.");
            }
        }

        async Task<bool> WatchAsync()
        {
            try
            {
                var period = await PeriodAsync(database, tenant, budget);
                return period.SpentNanoUsd + period.HeldNanoUsd <= budget.LimitNanoUsd;
            }
            catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException)
            {
                return true; // The database is away.
            }
        }
    }

    private static async Task<(Tenant Tenant, Budget Budget)> PrepareAsync(TestDatabase database, Money limit)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await process.Get<DatabaseStartup>().RunAsync(default);
        var tenant = await Tenant.CreateAsync(process.Services);
        var budget = await process.Get<BudgetService>().SetAsync(tenant.Admin, new NewBudget(BudgetScope.Key, tenant.Key.Id, BudgetWindow.Total, limit, Hard: true), default);
        return (tenant, budget.Required());
    }

    /// <summary>Each process has a data directory of its own, with the same keys.</summary>
    private static void ShareKeys(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "keys"));
        foreach (var file in Directory.GetFiles(Path.Combine(from, "keys"))) File.Copy(file, Path.Combine(to, "keys", Path.GetFileName(file)));
    }

    private static async Task<BudgetPeriod> PeriodAsync(TestDatabase database, Tenant tenant, Budget budget)
    {
        await using var db = database.Database.ForOrganization(tenant.Id);
        return await db.BudgetPeriods.AsNoTracking().SingleOrDefaultAsync(period => period.BudgetId == budget.Id) ?? new BudgetPeriod();
    }
}
