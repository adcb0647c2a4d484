using System.Diagnostics;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Governance.Bench;

/// <summary>
/// Measures what the audit log costs whoever writes it: sequencing and signing against a plain insert of as many rows, how soon the backlog
/// is empty after a load, and what the audit row adds to booking a call.
/// </summary>
internal static class AuditWritingBenchmark
{
    private const int Places = 100_000;
    private const int Slice = 4096;

    public static async Task<int> RunAsync(int rounds, int seconds, string? postgres, CancellationToken cancellation)
    {
        await using var product = await AuditedProduct.CreateAsync(postgres, people: 20, cancellation);
        var seed = await AuditSeed.CreateAsync(product, cancellation);
        Console.WriteLine($"{product.Name}; {Environment.ProcessorCount} cores shared by load, database and product");
        await SequenceAsync(product, seed, rounds, cancellation);
        await LoadAsync(product, seed, product.Database.Provider == DatabaseProvider.Postgres ? 10_000 : 8_000, seconds, cancellation);
        await BookAsync(product, cancellation);
        return 0;
    }

    private static async Task SequenceAsync(AuditedProduct product, AuditSeed seed, int rounds, CancellationToken cancellation)
    {
        var (sequenced, plain) = (new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var count = round < 0 ? Places / 5 : Places; // The first round warms up and is dropped.
            var now = TimeProvider.System.GetUtcNow();
            await seed.InsertAsync(count, now.AddMinutes(-1), now, cancellation);
            await using (var db = product.Database.ForOrganization(product.OrganizationId))
                if (product.Database.Provider == DatabaseProvider.Postgres) await db.Database.ExecuteSqlRawAsync("ANALYZE", cancellation);
            var started = Stopwatch.GetTimestamp();
            await product.Get<AuditSequencer>().CatchUpAsync(product.OrganizationId, cancellation);
            var taken = Stopwatch.GetElapsedTime(started);
            var inserting = await InsertPlainAsync(product, count, cancellation);
            if (round < 0) continue;
            sequenced.Add(count / taken.TotalSeconds);
            plain.Add(count / inserting.TotalSeconds);
        }

        Console.WriteLine($"sequenced and signed: {Medians.Middle(sequenced):0} events/s; plain insert of as many rows with a key and a hash: {Medians.Middle(plain):0} rows/s; ratio {Medians.Middle(sequenced) / Medians.Middle(plain):0.00}");
    }

    /// <summary>The same rows into a table with nothing but its key, in transactions of the same length, as fast as the database takes them.</summary>
    private static async Task<TimeSpan> InsertPlainAsync(AuditedProduct product, int count, CancellationToken cancellation)
    {
        await using var db = product.Database.ForOrganization(product.OrganizationId);
        var (id, blob) = product.Database.Provider == DatabaseProvider.Postgres ? ("uuid", "bytea") : ("TEXT", "BLOB");
        var table = $"""DROP TABLE IF EXISTS "Plain"; CREATE TABLE "Plain" ("OrganizationId" {id}, "Index" bigint, "EventId" {id}, "LeafHash" {blob}, PRIMARY KEY ("OrganizationId", "Index"))""";
        await db.Database.ExecuteSqlRawAsync(table, cancellation);
        var rows = Enumerable.Range(0, count)
            .Select(i => new AuditEntry { OrganizationId = product.OrganizationId, Index = i, EventId = Guid.CreateVersion7(), LeafHash = new byte[32] }).ToList();
        var started = Stopwatch.GetTimestamp();
        foreach (var slice in rows.Chunk(Slice)) await BulkRows.InsertAsync(db, slice, "Plain", cancellation);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Events arrive at a rate while the sequencer works as it does in the product.</summary>
    private static async Task LoadAsync(AuditedProduct product, AuditSeed seed, int perSecond, int seconds, CancellationToken cancellation)
    {
        var sequencer = product.Get<AuditSequencer>();
        var batches = Enumerable.Range(0, seconds * 10).Select(_ => seed.Make(perSecond / 10, _ => TimeProvider.System.GetUtcNow())).ToList();
        await sequencer.StartAsync(cancellation);
        var (started, worst) = (Stopwatch.GetTimestamp(), 0L);
        foreach (var (batch, i) in batches.Select((batch, i) => (batch, i)))
        {
            if (TimeSpan.FromMilliseconds(100 * i) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early) await Task.Delay(early, cancellation);
            var now = TimeProvider.System.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
            await seed.InsertAsync(batch with { Events = [.. batch.Events.Select(entry => Moved(entry, now))] }, cancellation);
            if (i % 10 == 9) worst = Math.Max(worst, await BacklogAsync(product, cancellation));
        }

        var (taken, ended) = (Stopwatch.GetElapsedTime(started), Stopwatch.GetTimestamp());
        var left = await BacklogAsync(product, cancellation);
        while (await BacklogAsync(product, cancellation) > 0) await Task.Delay(50, cancellation);
        Console.WriteLine($"load of {perSecond * seconds / taken.TotalSeconds:0} events/s for {taken.TotalSeconds:0.0} s: backlog at most {worst}, {left} at its end, empty {Stopwatch.GetElapsedTime(ended).TotalSeconds:0.0} s later");
        await sequencer.StopAsync(cancellation);
    }

    private static AuditEvent Moved(AuditEvent entry, DateTimeOffset at) => new()
    {
        Id = entry.Id, OrganizationId = entry.OrganizationId, At = at, ActorKind = entry.ActorKind, ActorRef = entry.ActorRef, Action = entry.Action,
        Category = entry.Category, Severity = entry.Severity, Outcome = entry.Outcome, ResourceType = entry.ResourceType, ResourceRef = entry.ResourceRef,
        Request = entry.Request, Commitments = entry.Commitments,
    };

    private static async Task<long> BacklogAsync(AuditedProduct product, CancellationToken cancellation)
    {
        await using var db = product.Database.ForOrganization(product.OrganizationId);
        return await db.AuditEvents.LongCountAsync(cancellation) - await db.AuditEntries.LongCountAsync(cancellation);
    }

    /// <summary>
    /// Books outcomes one by one, with and without their leaf by turns: in a transaction of its own, which is what the ledger's writer pays, and as
    /// the path of a request does, which hands the outcome over.
    /// </summary>
    private static async Task BookAsync(AuditedProduct product, CancellationToken cancellation)
    {
        const int Pairs = 3000;
        var ledger = product.Get<LedgerDatabase>();
        await using (var session = await ledger.OpenAsync())
        {
            await CompareAsync("booking a call in a transaction of its own", product, Pairs, async call =>
            {
                var write = await ledger.SealAsync(new LedgerWrite { Entry = EntryOf(call, call.Source) });
                await session.BeginAsync();
                await LedgerTransaction.RunAsync(session, [write]);
                await session.CommitAsync();
            }, cancellation);
        }

        var writer = product.Get<CallLedger>();
        await writer.StartAsync(cancellation);
        await CompareAsync("handing an outcome over, as a request does", product, Pairs, call =>
            writer.SettleSoonAsync(call, new CallResult(CallOutcome.Succeeded, TimeProvider.System.GetUtcNow()) { Usage = new TokenUsage(120, Output: 24), ActualModel = "gpt-5-mini", Worked = true }), cancellation);
        await writer.StopAsync(cancellation);
    }

    private static async Task CompareAsync(string what, AuditedProduct product, int pairs, Func<Call, Task> book, CancellationToken cancellation)
    {
        // With, without, without, with: neither is always the second. Only what went through the proxy has a leaf.
        var calls = Enumerable.Range(0, 2 * (pairs + 200)).Select(i => new Call
        {
            Id = Guid.CreateVersion7(), OrganizationId = product.OrganizationId, Provider = "openai", RequestedModel = "gpt-5-mini", StartedAt = TimeProvider.System.GetUtcNow(),
            KeyId = new Guid(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Source = (i % 4) is 1 or 2 ? CallSource.Proxy : CallSource.Import,
        }).ToList();
        await using (var db = product.Database.ForOrganization(product.OrganizationId)) await BulkRows.InsertAsync(db, calls, null, cancellation);

        var (with, without) = (new List<double>(), new List<double>());
        for (var i = 0; i < calls.Count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await book(calls[i]);
            if (i >= 400) (calls[i].Source == CallSource.Proxy ? with : without).Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var ((p50, p99), (bare50, bare99)) = (Of(with), Of(without));
        Console.WriteLine($"{what}: p50 {bare50:0.000} ms, p99 {bare99:0.000} ms without its audit row; p50 {p50:0.000} ms, p99 {p99:0.000} ms with it; more by {p50 - bare50:0.000} and {p99 - bare99:0.000} ms; ratios {p50 / bare50:0.00} and {p99 / bare99:0.00}");

        static (double Median, double P99) Of(List<double> times)
        {
            var sorted = times.Order().ToArray();
            return (sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
        }
    }

    private static LedgerEntry EntryOf(Call call, CallSource source) => new()
    {
        Id = Guid.CreateVersion7(), OrganizationId = call.OrganizationId, CallId = call.Id, Source = source, RecordedAt = TimeProvider.System.GetUtcNow(),
        StartedAt = call.StartedAt, Day = DateOnly.FromDateTime(call.StartedAt.Date), KeyId = new Guid(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Provider = "openai", Model = "gpt-5-mini",
        InputTokens = 120, OutputTokens = 24, CostNanoUsd = 78_000, Provenance = Provenance.Reported, Outcome = CallOutcome.Succeeded, Status = 200, DurationMs = 900, RequestCount = 1,
    };
}
