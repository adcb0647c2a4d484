using System.Diagnostics;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Bench;

/// <summary>Measures a log of many entries: the first page of each filter, the chart, exports and their memory, and how long the verifier takes.</summary>
internal static class AuditReadingBenchmark
{
    private const int Tries = 7;
    private static readonly TimeSpan Season = TimeSpan.FromDays(90);

    public static async Task<int> RunAsync(int entries, string? postgres, CancellationToken cancellation)
    {
        await using var product = await AuditedProduct.CreateAsync(postgres, people: 200, cancellation);
        var seed = await AuditSeed.CreateAsync(product, cancellation);
        var to = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var started = Stopwatch.GetTimestamp();
        await seed.InsertAsync(entries, to - Season, to, cancellation);
        Console.WriteLine($"{product.Name}; {entries} events inserted in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        started = Stopwatch.GetTimestamp();
        await product.Get<AuditSequencer>().CatchUpAsync(product.OrganizationId, cancellation);
        Console.WriteLine($"sequenced in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {entries / Stopwatch.GetElapsedTime(started).TotalSeconds:0} a second");
        await SettleAsync(product, cancellation);
        await PagesAsync(product, seed, to, cancellation);
        await ExportAsync(product, entries, to, cancellation);
        return 0;
    }

    /// <summary>What PostgreSQL's autovacuum does by itself within minutes, and a SQLite that runs for long at its checkpoints.</summary>
    private static async Task SettleAsync(AuditedProduct product, CancellationToken cancellation)
    {
        await using var db = product.Database.AsOwner();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        if (product.Database.Provider == DatabaseProvider.Postgres) await db.Database.ExecuteSqlRawAsync("VACUUM (ANALYZE)", cancellation);
        else await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellation);
    }

    private static async Task PagesAsync(AuditedProduct product, AuditSeed seed, DateTimeOffset to, CancellationToken cancellation)
    {
        var queries = product.Get<AuditQueries>();
        var month = new AuditFilter { From = to - TimeSpan.FromDays(30), To = to };
        var all = new AuditFilter();
        (string Name, AuditFilter Filter)[] filters =
        [
            ("30 days", month), ("all", all), ("a day long ago", all with { From = to - Season, To = to - Season + TimeSpan.FromDays(1) }),
            ("a time without events", all with { From = to.AddYears(-2), To = to.AddYears(-1) }),
            ("person", all with { PersonId = product.People[3] }), ("nobody", all with { PersonId = Guid.CreateVersion7() }),
            ("key, the busiest", all with { ActorRef = seed.Keys[0] }), ("actor of one old event", all with { ActorRef = AuditSeed.OldRef }), ("actor of none", all with { ActorRef = "key_0" }),
            .. Enum.GetValues<AuditCategory>().Select(category => ($"category {category}", all with { Category = category })),
            .. Enum.GetValues<AuditSeverity>().Select(severity => ($"severity from {severity}", all with { AtLeast = severity })),
            .. Enum.GetValues<AuditOutcome>().Select(outcome => ($"outcome {outcome}", all with { Outcome = outcome })),
            ("action call.succeeded", all with { Action = "call.succeeded" }), ("action of one old event", all with { Action = AuditSeed.OldAction }),
            ("action of none", all with { Action = "passkey.added" }), ("noun call", all with { Action = "call" }), ("noun of one old event", all with { Action = "token" }), ("noun of none", all with { Action = "passkey" }),
            ("resources call", all with { ResourceType = "call" }), ("resources of none", all with { ResourceType = "deployment" }),
            ("one key as resource", all with { ResourceType = "key", ResourceRef = seed.Keys[5] }), ("resource of one old event", all with { ResourceType = "key", ResourceRef = AuditSeed.OldRef }),
            ("resource of none", all with { ResourceType = "key", ResourceRef = "key_0" }), ("reference alone, of none", all with { ResourceRef = "key_0" }),
            ("usage denied, 30 days", month with { Category = AuditCategory.Usage, Outcome = AuditOutcome.Denied }),
            ("usage, warning: nothing", all with { Category = AuditCategory.Usage, AtLeast = AuditSeverity.Warning }),
            ("call.succeeded denied: nothing", all with { Action = "call.succeeded", Outcome = AuditOutcome.Denied }),
            ("calls in access: nothing", all with { ResourceType = "call", Category = AuditCategory.Access }),
            ("busiest key, access: nothing", all with { ActorRef = seed.Keys[0], Category = AuditCategory.Access }),
            ("busiest key, denied", all with { ActorRef = seed.Keys[0], Outcome = AuditOutcome.Denied }),
            ("busiest key, on keys: nothing", all with { ActorRef = seed.Keys[0], ResourceType = "key" }),
            ("busiest key, the old day", all with { ActorRef = seed.Keys[0], To = to - Season + TimeSpan.FromDays(1) }),
            ("person, usage: nothing", all with { PersonId = product.People[3], Category = AuditCategory.Usage }),
            ("person, notice, success, 30 days", month with { PersonId = product.People[3], AtLeast = AuditSeverity.Notice, Outcome = AuditOutcome.Success }),
            ("access, notice, success, key.created, 30 days", month with { Category = AuditCategory.Access, AtLeast = AuditSeverity.Notice, Outcome = AuditOutcome.Success, Action = "key.created" }),
            ("alarm, denied, the old day", all with { AtLeast = AuditSeverity.Alarm, Outcome = AuditOutcome.Denied, To = to - Season + TimeSpan.FromDays(1) }),
        ];

        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var slowest = (Name: "", Most: 0.0);
        Console.WriteLine($"{"first page of",-46} rows   first ms  median ms    most ms   chart ms");
        foreach (var (name, filter) in filters)
        {
            var (times, rows) = (new List<double>(), 0);
            for (var i = 0; i < Tries; i++)
            {
                var started = Stopwatch.GetTimestamp();
                rows = (await queries.ListAsync(product.Reader, filter, null, Page<AuditRow>.DefaultSize, cancellation)).Items.Count;
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            var charting = Stopwatch.GetTimestamp();
            await queries.ActivityAsync(product.Reader, filter, zone, cancellation);
            Console.WriteLine($"{name,-46} {rows,4} {times[0],10:0.0} {Medians.Middle(times),10:0.0} {times.Max(),10:0.0} {Stopwatch.GetElapsedTime(charting).TotalMilliseconds,10:0}");
            if (times.Max() > slowest.Most) slowest = (name, times.Max());
        }

        Console.WriteLine($"slowest first page: {slowest.Name}, {slowest.Most:0} ms");
    }

    private static async Task ExportAsync(AuditedProduct product, int entries, DateTimeOffset to, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"governance-bench-{Guid.CreateVersion7():n}.zip");
        try
        {
            var (started, export) = (Stopwatch.GetTimestamp(), product.Get<AuditExport>());
            var plan = (await export.PlanAsync(product.Reader, to - Season - TimeSpan.FromDays(1), to.AddDays(1), cancellation)).Value!;
            Console.WriteLine($"export planned in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            using (var memory = new MemoryWatch())
            {
                await using (var stream = File.Create(file)) await export.WriteAsync(plan, stream, progress: null, cancellation);
                var taken = Stopwatch.GetElapsedTime(started);
                Console.WriteLine($"zip of {plan.Count} entries: {taken.TotalSeconds:0} s, {plan.Count / taken.TotalSeconds:0} a second, {new FileInfo(file).Length / (1024 * 1024)} MiB; {memory}");
            }

            await VerifyAsync(file, cancellation);
            using (var memory = new MemoryWatch())
            {
                started = Stopwatch.GetTimestamp();
                var rows = product.Get<AuditRowsExport>();
                await rows.WriteAsync((await rows.PlanAsync(product.Reader, new AuditFilter(), AuditRowsFormat.Csv, cancellation)).Value!, Stream.Null, progress: null, cancellation);
                var taken = Stopwatch.GetElapsedTime(started);
                Console.WriteLine($"CSV of all entries: {taken.TotalSeconds:0} s, {entries / taken.TotalSeconds:0} a second; {memory}");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task VerifyAsync(string file, CancellationToken cancellation)
    {
        var tool = FindTool();
        var started = Stopwatch.GetTimestamp();
        using var node = Process.Start(new ProcessStartInfo("node", [tool, file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var (said, processor) = (node.StandardOutput.ReadToEndAsync(cancellation), TimeSpan.Zero);
        while (!node.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
            node.Refresh();
            if (!node.HasExited) processor = node.TotalProcessorTime; // Nobody can tell any more once it has ended.
        }

        Console.WriteLine($"verified by node in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s ({processor.TotalSeconds:0.0} s of processor), exit code {node.ExitCode}");
        if (node.ExitCode != 0) Console.WriteLine(await said);
    }

    private static string FindTool()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var tool = Path.Combine(folder.FullName, "tools", "verify-audit.mjs");
            if (File.Exists(tool)) return tool;
        }

        throw new FileNotFoundException("tools/verify-audit.mjs is not above the benchmark.");
    }
}
