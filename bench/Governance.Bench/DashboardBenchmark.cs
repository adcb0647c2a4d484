using System.Diagnostics;
using System.Globalization;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Web.Components.Pages.Costs;
using Governance.Web.Components.Pages.Overview;
using Governance.Web.Components.Shared;
using Microsoft.EntityFrameworkCore;

namespace Governance.Bench;

/// <summary>Measures everything that one load of the overview and of the costs page asks the database for, over a year of many calls.</summary>
internal static class DashboardBenchmark
{
    private const int Tries = 25;

    public static async Task<int> RunAsync(int calls, int days, string? postgres, string? data, CancellationToken cancellation)
    {
        await using var product = await AuditedProduct.CreateAsync(postgres, people: 0, cancellation, data);
        await using var db = product.Database.ForOrganization(product.OrganizationId);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        if (!await db.LedgerEntries.AnyAsync(cancellation))
        {
            var now = TimeProvider.System.GetUtcNow();
            await TimedAsync($"{calls} calls and their entries", () => new DashboardSeed(product).FillAsync(calls, now.AddDays(-days), now, cancellation));
        }

        if (!await db.CostRollups.AnyAsync(cancellation))
        {
            await TimedAsync("rollups (ledger rebuild)", () => product.Get<LedgerProof>().RebuildAsync(product.OrganizationId, cancellation));
            await SettleAsync(product, cancellation);
        }

        Console.WriteLine($"{product.Name}; {await db.LedgerEntries.LongCountAsync(cancellation)} entries, {await db.CostRollups.LongCountAsync(cancellation)} rollups");
        var last = await db.LedgerEntries.MaxAsync(entry => entry.StartedAt, cancellation);
        await PagesAsync(product, await db.Organizations.SingleAsync(cancellation), new Standstill(last), cancellation);
        await TimedAsync("ledger prove", async () =>
        {
            var proof = await product.Get<LedgerProof>().ProveAsync(product.OrganizationId, cancellation);
            Console.WriteLine($"{proof.Rollups} rollups proved against {proof.Entries} entries: {proof.Differences.Count} differences");
        });
        return 0;
    }

    private static async Task PagesAsync(AuditedProduct product, Organization organization, TimeProvider time, CancellationToken cancellation)
    {
        var (overview, costs, queries) = (product.Get<OverviewQueries>(), product.Get<CostsReportQueries>(), product.Get<CostQueries>());
        var viewer = new Viewer(
            product.Reader, new PersonAccess(Guid.Empty, product.OrganizationId, false, [], new Dictionary<string, Reach>()), "", organization,
            new Formats(CultureInfo.InvariantCulture, TimeZoneInfo.Utc), time);
        var today = viewer.Today;
        (string Name, PeriodChoice Period)[] periods = [("today", Of(1)), ("30 days", Of(30)), ("90 days", Of(90)), ("12 months", Of(365))];
        Console.WriteLine($"{"data of one page",-50}  rows   first ms  median ms   least ms     cpu ms");
        foreach (var (name, period) in periods)
            await MeasureAsync($"overview, {name}", async () => (await overview.LoadAsync(viewer, period, cancellation)).Models.Count);
        foreach (var by in CostDimensions.Choices)
        {
            foreach (var (name, period) in periods) await CostsAsync(name, period, CostScope.Everything, by);
        }

        foreach (var narrowed in CostDimensions.Choices)
        {
            var filter = new CostFilter(TimeRange.Of(Of(30).Days, organization.Zone));
            var busiest = (await queries.SumAsync(product.Reader, filter, [narrowed], cancellation)).First(sum => CostScope.Everything.Narrow(narrowed, sum.Key) is not null);
            var scope = CostScope.Everything.Narrow(narrowed, busiest.Key)!;
            foreach (var by in CostDimensions.Choices.Where(by => by != narrowed))
            {
                await CostsAsync("30 days", Of(30), scope, by);
                if (by == scope.Next(narrowed)) await CostsAsync("12 months", Of(365), scope, by);
            }
        }

        PeriodChoice Of(int days) => new(null, DayRange.Last(days, today));

        Task CostsAsync(string name, PeriodChoice period, CostScope scope, CostDimension by)
        {
            var of = string.Concat(CostDimensions.Choices.Where(scope.Has).Select(dimension => $"of one {dimension} ")).ToLowerInvariant();
            return MeasureAsync(
                $"costs {of}by {CostDimensions.Name(by).ToLowerInvariant()}, {name}",
                async () => (await costs.LoadAsync(viewer.Actor, organization.Zone, new CostsQuestion(period, scope, by), withChart: true, cancellation)).Rows.Count);
        }
    }

    /// <summary>The processor's time of this process stands beside the clock's: on SQLite it is what a quiet machine would need, whatever else runs on this one.</summary>
    private static async Task MeasureAsync(string name, Func<Task<int>> load)
    {
        var (times, busy, rows) = (new List<double>(), new List<double>(), 0);
        for (var i = 0; i < Tries; i++)
        {
            var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            rows = await load();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            busy.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
        }

        Console.WriteLine($"{name,-50} {rows,5} {times[0],10:0.0} {Medians.Middle(times),10:0.0} {times.Min(),10:0.0} {Medians.Middle(busy),10:0.0}");
    }

    /// <summary>What PostgreSQL's autovacuum does by itself within minutes, and a SQLite that runs for long at its checkpoints.</summary>
    private static async Task SettleAsync(AuditedProduct product, CancellationToken cancellation)
    {
        await using var owner = product.Database.AsOwner();
        owner.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        if (product.Database.Provider == DatabaseProvider.Postgres) await owner.Database.ExecuteSqlRawAsync("VACUUM (ANALYZE)", cancellation);
        else await owner.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellation);
    }

    private static async Task TimedAsync(string what, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        Console.WriteLine($"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
    }

    /// <summary>The day of the last call is today, whenever the database was filled.</summary>
    private sealed class Standstill(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
