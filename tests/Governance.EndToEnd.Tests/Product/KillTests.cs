using System.Data;
using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Testing.Audit;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Governance.Testing.Upstream;
using Microsoft.EntityFrameworkCore;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>The product killed while it works: what it acknowledged is there, nothing is there by half, and the audit log verifies.</summary>
public sealed class KillTests
{
    private const string Email = "ada@example.test";
    private const string Password = "a long enough password";

    [Fact]
    public async Task Kill_AtRandomMomentsUnderLoad_LosesNothingAcknowledgedAndLeavesNothingByHalf()
    {
        var random = new Random();
        await using var upstream = await StubUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var product = new ProductUnderTest(database, Settings(upstream));
        var (tenant, load) = await PrepareAsync(database, product);
        using var folder = new TempFolder();
        var open = new List<Guid>();
        string[] kept = [];

        await product.StartAsync();
        for (var kill = 0; kill < TestScale.Cases(5, 50); kill++)
        {
            upstream.Enqueue(Replies.GatedStream(new Gate(), [Replies.Chunk("Hello")], []));
            using var caller = new ProxyCaller(product, tenant.Key.Secret);
            open.Add(await caller.OpenStreamAsync());

            await load.RunAndKillAsync(random.Next(1, 60));

            await AssertWholeAsync(database, tenant, load, open[^1]);
            await product.StartAsync();
            await File.WriteAllBytesAsync(folder.PathOf("export.zip"), await load.GetAsync("/api/v1/audit/export"));
            (await AuditVerifier.RunAsync([folder.PathOf("export.zip"), .. kept])).MustPass();
            await File.WriteAllBytesAsync(folder.PathOf("checkpoint"), await load.GetAsync("/api/v1/audit/log/checkpoint"));
            kept = ["--older", folder.PathOf("checkpoint")];
        }

        await AssertClosedAsync(database, tenant, open);
    }

    private static Dictionary<string, string?> Settings(StubUpstream upstream) => new(ProxyCaller.Provider(upstream))
    {
        // Soon enough to wait for, and not so soon that a living process on a busy machine is taken for dead.
        ["Processes:HeartbeatInterval"] = "00:00:00.300",
        ["Processes:DeadAfter"] = "00:00:08",
        ["RateLimits:Api:PerAddress:Permits"] = "1000000",
        ["RateLimits:Api:PerCaller:Permits"] = "1000000",
        ["RateLimits:Token:PerAddress:Permits"] = "1000000",
        ["RateLimits:Token:PerCaller:Permits"] = "1000000",
    };

    private static async Task<(Tenant Tenant, ProductLoad Load)> PrepareAsync(TestDatabase database, ProductUnderTest product)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await process.Get<DatabaseStartup>().RunAsync(default);
        var tenant = await Tenant.CreateAsync(process.Services);
        await tenant.AddPersonAsync(process.Services, Email, Password);
        (await process.Get<BudgetService>().SetAsync(tenant.Admin, new NewBudget(BudgetScope.Key, tenant.Key.Id, BudgetWindow.Total, Money.FromDollars(1_000), Hard: true), default)).Required();
        string[] scopes = [Permissions.AuditRead, Permissions.AuditPayloads, Permissions.AuditExport, Permissions.AuditWrite];
        var account = (await process.Get<ServiceAccountService>().CreateAsync(tenant.Admin, new NewServiceAccount("Auditor") { Scopes = scopes }, default)).Required();
        return (tenant, new ProductLoad(product, tenant.Key.Secret, account.Secret, (Email, Password)));
    }

    /// <summary>Each change has its event and each event its change, whether the caller was told or not; and what they were told is so.</summary>
    private static async Task AssertWholeAsync(TestDatabase database, Tenant tenant, ProductLoad load, Guid open)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await using var db = process.Database.ForOrganization(tenant.Id);
        await using var oneMoment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead); // PostgreSQL may still commit what it was sent.
        var events = await db.AuditEvents.Select(row => new { row.Id, row.Action, row.ResourceType, row.ResourceRef }).ToListAsync();

        var places = await db.AuditEntries.OrderBy(row => row.Index).Select(row => new { row.Index, row.EventId }).ToListAsync();
        Assert.Equal(Enumerable.Range(0, places.Count).Select(index => (long)index), places.Select(place => place.Index));
        Assert.Equal(places.Count, places.Select(place => place.EventId).Distinct().Count());
        Assert.Subset(events.Select(row => row.Id).ToHashSet(), places.Select(place => place.EventId).ToHashSet());

        var booked = await db.LedgerEntries.Where(row => row.Source == CallSource.Proxy && row.RequestCount == 1).ToDictionaryAsync(row => row.CallId, row => row.Outcome);
        Assert.Equal(booked.Keys.Order(), events.Where(row => row.ResourceType == "call").Select(row => row.Id).Order());

        // An outcome lingers for some milliseconds before it is booked; the call of one that was lost is open, and is charged what was held for it.
        var opened = (await db.Calls.Select(row => row.Id).ToListAsync()).ToHashSet();
        Assert.All(load.Finished, call => Assert.True(booked.TryGetValue(call, out var outcome) ? outcome is CallOutcome.Succeeded or CallOutcome.Interrupted : opened.Contains(call)));
        Assert.Empty((await process.Get<LedgerProof>().ProveAsync(tenant.Id, default)).Differences);
        Assert.DoesNotContain(open, booked.Keys);
        Assert.Subset(opened, load.Answered.Append(open).ToHashSet());

        var families = await db.RefreshTokenFamilies.Select(row => row.Id).ToListAsync();
        Assert.Equal(families.Select(id => id.ToString("n")).Order(), events.Where(row => row.Action == "token.issued").Select(row => row.ResourceRef!).Order());
        Assert.True(families.Count >= load.Tokens);

        Assert.Subset(events.Where(row => row.Action == "deal.won").Select(row => row.Id).ToHashSet(), load.Events.ToHashSet());
    }

    /// <summary>The product finds the calls that nobody finished, and every call counts once.</summary>
    private static async Task AssertClosedAsync(TestDatabase database, Tenant tenant, IReadOnlyList<Guid> open)
    {
        await using var process = new ProductProcess(database, TimeProvider.System);
        await using var db = process.Database.ForOrganization(tenant.Id);
        await Eventually.TrueAsync(async () => !await db.Calls.AnyAsync(call => !db.LedgerEntries.Any(entry => entry.CallId == call.Id)), "all open calls were closed");

        foreach (var call in open)
        {
            var closed = (await process.Get<RequestQueries>().FindAsync(tenant.Admin, call, default))!.Row;
            Assert.Equal((CallOutcome.Interrupted, Provenance.Estimated, true), (closed.Outcome!.Outcome, closed.Provenance!.Value, closed.Cost.NanoUsd > 0));
        }

        var total = await process.Get<CostQueries>().TotalAsync(tenant.Admin, new CostFilter(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)), default);
        Assert.Equal(await db.Calls.CountAsync(), total.Requests);
        Assert.Equal(await db.Calls.CountAsync(), await db.AuditEvents.CountAsync(row => row.ResourceType == "call"));
        Assert.All(await db.BudgetPeriods.ToListAsync(), period => Assert.Equal(0, period.HeldNanoUsd));
        Assert.Equal(["call.interrupted", "call.succeeded"], await db.AuditEvents.Where(row => row.ResourceType == "call").Select(row => row.Action).Distinct().Order().ToListAsync());
    }
}
