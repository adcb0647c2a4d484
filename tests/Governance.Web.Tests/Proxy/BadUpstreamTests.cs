using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests.Proxy;

/// <summary>A provider that is slow, stuck or lies, called all the while beside one that is sound. The clock is the system's, the limits are short.</summary>
public sealed class BadUpstreamTests : IAsyncLifetime
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private static readonly Func<NetworkStream, CancellationToken, Task>[] Faults =
    [
        RawUpstream.UntilClosedAsync, // accepts and never answers
        Sends(Head + "Content-Length: 5000\r\n\r\n{\"id\":\"short\"}"), // promises more than it sends
        Sends(Head + "Content-Length: 3\r\n\r\n" + Replies.Completion()), // sends more than it promises
        Sends("SSH-2.0-OpenSSH_9.6\r\n"), // is no HTTP
        Sends(Head + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\nabc"),
        Sends(Head + "Content-Length: 12\r\nContent-Length: 13\r\n\r\n{\"choices\":[]"),
        Sends(Head + "\r\n{\"choices\":[{\"index\":0,"), // half a document
        Sends("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"id\":"), // half an event
        Sends(""), // hangs up
        EndlessHeadAsync,
        EndlessBodyAsync,
        async (stream, cancellation) => // begins a stream and falls silent
        {
            await Sends("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + Replies.Chunk("Hello"))(stream, cancellation);
            await RawUpstream.UntilClosedAsync(stream, cancellation);
        },
    ];

    private StubUpstream _sound = null!;
    private RawUpstream _bad = null!;
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;
    private HttpClient _caller = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sound = await StubUpstream.StartAsync();
        _bad = new RawUpstream((number, stream, cancellation) => Faults[number % Faults.Length](stream, cancellation));
        _server = await GovernanceServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Proxy:ActivityTimeout"] = "00:00:01", ["Proxy:DrainTimeout"] = "00:00:01", ["Proxy:MaxResponseBytes"] = "65536",
            ["Proxy:Resilience:BaseDelay"] = "00:00:00.010", ["Proxy:Resilience:MaxDelay"] = "00:00:00.020", ["Proxy:Resilience:MaxConcurrentCalls"] = "32",

            // Otherwise the breaker would soon spare the provider, and with it what is tested.
            ["Proxy:Resilience:BreakerFailures"] = "1000000", ["Proxy:Resilience:BreakerMinimumCalls"] = "1000000",
        });
        _tenant = await _server.AddTenantAsync();
        _caller = _server.NewClient(_tenant.Key.Secret);
        var service = _server.Get<ConnectionService>();
        foreach (var (name, url) in new[] { ("sound", _sound.BaseUrl), ("bad", _bad.BaseUrl) })
        {
            var id = (await service.CreateAsync(_tenant.Admin, new ConnectionDraft(name, "openai", url) { Secret = "sk" }, Cancellation)).Required();
            (await service.ApproveAsync(_tenant.Admin, id, Cancellation)).Required();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _server.DisposeAsync();
        await _bad.DisposeAsync();
        await _sound.DisposeAsync();
    }

    /// <summary>In the long run it goes on for ten minutes.</summary>
    [Fact]
    public async Task Calls_ToABadProvider_LeaveNothingBehindAndTheOthersAlone()
    {
        const int Workers = 24;
        var (atLeast, lasting) = (72, TestScale.Long ? TimeSpan.FromMinutes(10) : TimeSpan.Zero);
        (await _server.Get<BudgetService>().SetAsync(_tenant.Admin, new NewBudget(BudgetScope.Organization, null, BudgetWindow.Total, Money.FromDollars(1_000_000), Hard: true), Cancellation)).Required();
        var (badCalls, soundCalls, started) = (0, 0, Stopwatch.GetTimestamp());
        var workers = Enumerable.Range(0, Workers).Select(_ => WorkAsync()).ToList();
        var running = Task.WhenAll(workers);
        var early = await HeapAsync(Task.Delay(lasting / 5, Cancellation)); // By then everything is loaded and every pool filled.
        await running;

        await Eventually.TrueAsync(() => _bad.Open == 0, "no socket to the bad provider is open");
        Assert.True(_bad.Accepted >= badCalls);
        Assert.Equal(0, _server.Get<ConnectionGates>().Of(_tenant.Id, "bad").Inside);
        await using var db = _server.Get<GovernanceDatabase>().ForOrganization(_tenant.Id);
        Assert.Equal(badCalls + soundCalls, await db.Calls.CountAsync(Cancellation));
        await Eventually.TrueAsync(async () => await db.LedgerEntries.CountAsync(Cancellation) == badCalls + soundCalls, "every call has an outcome");
        Assert.Equal(badCalls + soundCalls, await db.LedgerEntries.Select(entry => entry.CallId).Distinct().CountAsync(Cancellation));
        Assert.Equal(0L, await db.BudgetPeriods.SumAsync(period => period.HeldNanoUsd, Cancellation));
        Assert.Equal(
            await db.LedgerEntries.SumAsync(entry => entry.CostNanoUsd, Cancellation), await db.BudgetPeriods.SumAsync(period => period.SpentNanoUsd, Cancellation));
        var outcomes = await db.LedgerEntries.Where(entry => entry.Connection == "bad").Select(entry => entry.Outcome).Distinct().ToListAsync(Cancellation);
        Assert.Contains(CallOutcome.ProviderCut, outcomes);
        Assert.Contains(CallOutcome.ProviderTimeout, outcomes);
        Assert.DoesNotContain(CallOutcome.Succeeded, outcomes);
        if (!TestScale.Long) return; // A few calls say nothing of memory.
        var late = await HeapAsync(Task.CompletedTask);
        TestContext.Current.SendDiagnosticMessage($"{badCalls} bad and {soundCalls} sound calls; heap {early / 1024} KiB after a fifth of the time, {late / 1024} at the end");
        Assert.InRange(late, 0, early + (8 * 1024 * 1024));

        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref badCalls) is var call && (call <= atLeast || Stopwatch.GetElapsedTime(started) < lasting))
            {
                using (var response = await CallAsync("bad", stream: call % 2 == 0))
                {
                    if (response.StatusCode == HttpStatusCode.OK) await response.Content.ReadAsByteArrayAsync(Cancellation);
                }

                using var sound = await CallAsync("sound");
                Assert.Equal(HttpStatusCode.OK, sound.StatusCode);
                Interlocked.Increment(ref soundCalls);
            }

            Interlocked.Decrement(ref badCalls); // The one that was not made.
        }

        // What is used of memory, without what the test has kept.
        async Task<long> HeapAsync(Task after)
        {
            await after;
            _sound.Forget();
            _server.Logs.Forget();
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }

    [Fact]
    public async Task Call_MoreThanAreAllowedAtATime_IsRefusedAtOnceAndOthersPass()
    {
        var gates = _server.Get<ConnectionGates>().Of(_tenant.Id, "bad");
        var passes = Enumerable.Range(0, 32).Select(_ => gates.Enter().Pass!).ToList();
        using (var refused = await CallAsync("bad"))
        {
            Assert.Equal((503, "1"), ((int)refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
            Assert.Equal("connection_busy", (await ProxyFixture.ErrorAsync(refused)).GetProperty("code").GetString());
        }

        using (var sound = await CallAsync("sound")) Assert.Equal(HttpStatusCode.OK, sound.StatusCode);
        foreach (var pass in passes) pass.Dispose();
        Assert.Equal(0, gates.Inside);
        using var through = await CallAsync("bad");
        Assert.NotEqual("connection_busy", (await ProxyFixture.ErrorAsync(through)).GetProperty("code").GetString());
    }

    private Task<HttpResponseMessage> CallAsync(string connection, bool stream = false) =>
        _caller.PostAsync($"/proxy/{connection}/chat/completions", ProxyFixture.Body(stream: stream), Cancellation);

    private static Func<NetworkStream, CancellationToken, Task> Sends(string text) =>
        async (stream, cancellation) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);

    private static async Task EndlessHeadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await Sends("HTTP/1.1 200 OK\r\n")(stream, cancellation);
        for (var line = 0; ; line++) await Sends($"x-line-{line}: {new string('x', 1000)}\r\n")(stream, cancellation);
    }

    private static async Task EndlessBodyAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await Sends(Head + "\r\n[")(stream, cancellation);
        while (true) await Sends(new string(' ', 8000))(stream, cancellation);
    }
}
