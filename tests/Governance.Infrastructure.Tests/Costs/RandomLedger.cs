using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Costs;

/// <summary>A ledger of made-up calls around the days' boundaries, some of them corrected; the same for the same seed.</summary>
internal static class RandomLedger
{
    private static readonly (string Provider, string Model)[] Models =
        [("openai", "gpt-5-mini"), ("openai", "gpt-5"), ("anthropic", "claude-haiku-4-5"), ("google", "gemini-2.5-pro")];

    public static async Task FillAsync(ProductProcess process, Tenant tenant, DateOnly firstDay, int days, int calls, int seed)
    {
        var random = new Random(seed);
        var (_, otherKey) = await tenant.AddApplicationAsync(process.Services, "Other", "Other team");
        Guid[] keys = [tenant.Key.Id, otherKey.Id];
        var imported = Enumerable.Range(0, calls).Select(_ => Call(random, keys, tenant.Organization.Zone.StartOf(firstDay.AddDays(random.Next(days))))).ToList();
        (await process.Get<UsageImport>().ImportAsync(tenant.Admin, imported, default)).Required();
        await CorrectAsync(process, tenant.Id, random);
    }

    private static ImportedCall Call(Random random, Guid[] keys, DateTimeOffset dayStart)
    {
        var (provider, model) = Models[random.Next(Models.Length)];
        // Right at, right before and right after midnight, or any time of the day.
        var at = random.Next(6) switch
        {
            0 => dayStart,
            1 => dayStart.AddTicks(-1),
            2 => dayStart.AddTicks(1),
            _ => dayStart.AddSeconds(random.Next(82_000)),
        };
        var succeeded = random.Next(5) > 0;
        if (succeeded && random.Next(8) == 0) return new ImportedCall(at, keys[random.Next(keys.Length)], provider, model, default) { SavedNanoUsd = random.NextInt64(3_000_000_000) };
        return new ImportedCall(at, keys[random.Next(keys.Length)], provider, model,
            succeeded || random.Next(2) == 0
                ? new TokenUsage(random.Next(300_000), random.Next(5_000), random.Next(1_000), 0, random.Next(9_000), 0,
                    random.Next(50), random.Next(50), random.Next(50), random.Next(50))
                : default)
        {
            User = random.Next(3) == 0 ? null : $"user{random.Next(4)}",
            Outcome = succeeded ? CallOutcome.Succeeded : (CallOutcome)random.Next(1, 9),
            ServiceTier = random.Next(4) == 0 ? "flex" : null,
        };
    }

    private static async Task CorrectAsync(ProductProcess process, Guid organizationId, Random random)
    {
        var corrections = new List<LedgerWrite>();
        await using var db = process.Database.ForOrganization(organizationId);
        var booked = await db.LedgerEntries.AsNoTracking().OrderBy(entry => entry.Id).ToListAsync();
        var book = new PriceBook((await db.Prices.AsNoTracking().ToListAsync()).Select(price => price.ToPrice()));
        foreach (var entry in booked.Where(_ => random.Next(5) == 0))
        {
            var call = await db.Calls.AsNoTracking().SingleAsync(call => call.Id == entry.CallId);
            var truth = CallPricing.Book(call, new CallResult(CallOutcome.Succeeded, entry.RecordedAt.AddDays(2)) { Usage = new TokenUsage(random.Next(1_000), Output: random.Next(1_000)) }, book);
            corrections.Add(new LedgerWrite { Entry = CallPricing.Correct(Guid.CreateVersion7(truth.RecordedAt), truth.RecordedAt, entry, truth, "Test") });
        }

        await using var transaction = await db.Database.BeginTransactionAsync();
        await process.Get<LedgerDatabase>().WriteAsync(db, corrections);
        await transaction.CommitAsync();
    }
}
