using System.Net;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Limits;
using Governance.Domain.Proxy.OpenAi;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Proxy.Limits;

/// <summary>Several processes on one PostgreSQL, with one clock that the tests move; each exchanges when the tests say so.</summary>
public sealed class LimitExchangeTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = new LimitOptions().ExchangeInterval;

    private readonly FakeTime _clock = new();
    private readonly List<ProductProcess> _processes = [];
    private TestDatabase _database = null!;
    private Tenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        if (_database.Provider == DatabaseProvider.Sqlite) return;
        var first = await StartAsync();
        _tenant = await Tenant.CreateAsync(first.Services);
        await ExchangeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(2, 600)]
    [InlineData(3, 1_000)]
    [InlineData(2, 5)]
    public async Task Enter_SeveralProcessesHammered_LetThroughTheLimitTogetherAndNeverMore(int processes, long limit)
    {
        NeedsPostgres();
        await StartToAsync(processes);
        await SetAsync(LimitScope.Team, new LimitValues(limit, null, null));
        var passed = new List<(DateTimeOffset At, int Count)>();
        await RunAsync(TimeSpan.FromMinutes(2), async index => passed.Add((_clock.GetUtcNow(), await EnterAsync(_processes[index], calls: 10))));

        Assert.All(passed, last => Assert.True(passed.Where(call => call.At <= last.At && call.At > last.At - SlidingWindow.Width).Sum(call => call.Count) <= limit));
        Assert.InRange(passed.Sum(call => call.Count), (int)(limit * 2 * 0.95), (int)limit * 2);
    }

    [Fact]
    public async Task Enter_TrafficMovesFromOneProcessToTheOther_TheShareFollows()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Key, new LimitValues(400, null, null));
        var (start, passed) = (_clock.GetUtcNow(), 0);
        await RunAsync(TimeSpan.FromMinutes(3), async index =>
        {
            var busy = _clock.GetUtcNow() - start < TimeSpan.FromSeconds(90) ? 0 : 1;
            if (index == busy) passed += await EnterAsync(_processes[index], calls: 20);
        });

        Assert.InRange(passed, 400 * 3 * 0.95, 400 * 3);
    }

    [Fact]
    public async Task Enter_TokensOfOneCallAreMoreThanAnEvenPart_PassAtTheSecondTry()
    {
        NeedsPostgres();
        await StartToAsync(3);
        await SetAsync(LimitScope.Application, new LimitValues(null, 10_000, null));
        var (lease, error) = await TryAsync(_processes[2], maxTokens: 8_000);
        Assert.Null(lease);
        Assert.Equal(TimeSpan.FromSeconds(1), error!.RetryAfter);
        await TickAsync(TimeSpan.FromSeconds(1));
        (lease, _) = await TryAsync(_processes[2], maxTokens: 8_000);
        Assert.NotNull(lease);
        var (_, over) = await TryAsync(_processes[0], maxTokens: 8_000);
        Assert.NotNull(over);
    }

    [Fact]
    public async Task Enter_OneCallAtATime_AndTheOthersAreToldAndGetItOnceItIsOver()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Key, new LimitValues(null, null, 1));
        var (lease, _) = await TryAsync(_processes[0]);
        Assert.NotNull(lease);
        Assert.Equal(TimeSpan.FromSeconds(1), (await TryAsync(_processes[1])).Error!.RetryAfter);
        await TickAsync(TimeSpan.FromSeconds(1));
        Assert.NotNull((await TryAsync(_processes[1])).Error);
        lease.End(0);
        await TickAsync(TimeSpan.FromSeconds(1));
        Assert.NotNull((await TryAsync(_processes[1])).Lease);
    }

    [Fact]
    public async Task Enter_AllIsUsedElsewhere_TellsWhenThatCountsNoLonger()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Key, new LimitValues(2, null, null));
        Assert.NotNull((await TryAsync(_processes[0])).Lease);
        Assert.NotNull((await TryAsync(_processes[1])).Lease);
        await TickAsync(TimeSpan.FromSeconds(10));
        Assert.InRange((await TryAsync(_processes[1])).Error!.RetryAfter!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(51));
    }

    [Fact]
    public async Task Run_ProcessJoinsWhileTheLimitIsUsedUp_HasNothingOfItUntilThereIsRoom()
    {
        NeedsPostgres();
        await SetAsync(LimitScope.Team, new LimitValues(100, null, null));
        Assert.Equal(100, await EnterAsync(_processes[0], calls: 150));
        await ExchangeAsync();
        await StartAsync();
        for (var second = 0; second < 50; second++)
        {
            await TickAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(0, await EnterAsync(_processes[1], calls: 5));
        }

        await TickAsync(TimeSpan.FromSeconds(15));
        Assert.InRange(await EnterAsync(_processes[1], calls: 200) + await EnterAsync(_processes[0], calls: 200), 95, 100);
    }

    [Fact]
    public async Task Run_ProcessDies_WhatItUsedCountsUntilItIsOver()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Team, new LimitValues(100, null, null));
        Assert.Equal(50, await EnterAsync(_processes[0], calls: 50));
        await ExchangeAsync();
        var dead = _processes[0];
        _processes.RemoveAt(0); // It says nothing any more.
        await RunAsync(TimeSpan.FromSeconds(20), async index => await EnterAsync(_processes[index], calls: 30));
        Assert.Equal(50, Used(_processes[0]));
        await RunAsync(TimeSpan.FromSeconds(60), async index => await EnterAsync(_processes[index], calls: 30));
        Assert.Equal(100, Used(_processes[0]));
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task Run_ProcessStops_LeavesItsPartToTheOthersAtOnce()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Team, new LimitValues(100, null, null));
        await EnterAsync(_processes[0], calls: 10);
        await _processes[0].Get<LimitExchange>().StopAsync(Cancellation);
        await _processes[1].Get<LimitExchange>().RunAsync(Cancellation);
        await _processes[1].Get<LimitExchange>().RunAsync(Cancellation);
        Assert.Equal(90, await EnterAsync(_processes[1], calls: 200));
    }

    [Fact]
    public async Task Run_DatabaseCannotBeReached_KeepsTheShare()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Team, new LimitValues(100, null, null));
        Assert.Equal(1, await EnterAsync(_processes[0], calls: 1)); // It has read the limit.
        await using (await _database.TakeAwayAsync())
        {
            await _processes[0].Get<LimitExchange>().RunAsync(Cancellation);
            Assert.Equal(49, await EnterAsync(_processes[0], calls: 200));
        }

        await TickAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(await EnterAsync(_processes[0], calls: 200) + await EnterAsync(_processes[1], calls: 200), 45, 50);
    }

    [Fact]
    public async Task Run_NobodyCallsAnyMore_LeavesNothingBehind()
    {
        NeedsPostgres();
        await StartToAsync(2);
        await SetAsync(LimitScope.Person, new LimitValues(4, null, null));
        await EnterAsync(_processes[0], calls: 6, subject: Guid.CreateVersion7(_clock.GetUtcNow()));
        await TickAsync(TimeSpan.FromSeconds(1));
        await TickAsync(TimeSpan.FromSeconds(70));
        await TickAsync(TimeSpan.FromSeconds(70));
        await using var db = _processes[0].Database.AcrossOrganizations();
        Assert.Empty(await db.LimitShares.ToListAsync(Cancellation));
        foreach (var process in _processes) await process.Get<LimitBooks>().RunAsync(Cancellation);
        Assert.All(_processes, process => Assert.Equal(0, process.Get<LimitBooks>().Of(_tenant.Id).Count));
    }

    private void NeedsPostgres() => Assert.SkipWhen(_database.Provider == DatabaseProvider.Sqlite, "A SQLite file has one process.");

    private async Task<ProductProcess> StartAsync()
    {
        var process = await new ProductProcess(_database, _clock).StartAsync();
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts processes up to a number, and lets all hear of each other.</summary>
    private async Task StartToAsync(int count)
    {
        while (_processes.Count < count) await StartAsync();
        for (var round = 0; round < 3; round++) await ExchangeAsync();
    }

    private async Task ExchangeAsync()
    {
        foreach (var process in _processes) await process.Get<LimitExchange>().RunAsync(Cancellation);
    }

    /// <summary>Lets time pass, with some exchanges of everybody in it.</summary>
    private async Task TickAsync(TimeSpan by)
    {
        for (var round = 0; round < 5; round++)
        {
            _clock.Advance(by / 5);
            await ExchangeAsync();
        }
    }

    /// <summary>Lets time pass in which each process exchanges at its interval, each at another moment, and does something in between.</summary>
    private async Task RunAsync(TimeSpan duration, Func<int, Task> act)
    {
        var step = Interval / _processes.Count;
        for (var end = _clock.GetUtcNow() + duration; _clock.GetUtcNow() < end;)
        {
            for (var turn = 0; turn < _processes.Count; turn++)
            {
                await _processes[turn].Get<LimitExchange>().RunAsync(Cancellation);
                for (var index = 0; index < _processes.Count; index++) await act(index);
                _clock.Advance(step);
            }
        }
    }

    private Task<Domain.Result<Guid>> SetAsync(LimitScope scope, LimitValues values) =>
        _processes[0].Get<RateLimitService>().SetAsync(_tenant.Admin, scope, null, values, Cancellation);

    private async Task<int> EnterAsync(ProductProcess process, int calls, Guid? subject = null)
    {
        var passed = 0;
        for (var call = 0; call < calls; call++) passed += (await TryAsync(process, subject: subject)).Lease is null ? 0 : 1;
        return passed;
    }

    private async Task<(LimitLease? Lease, ProxyError? Error)> TryAsync(ProductProcess process, long maxTokens = 10, Guid? subject = null)
    {
        var holder = new KeyHolder(_tenant.Key.Id, _tenant.Id, _tenant.Application.TeamId, _tenant.Application.Id, "production", "internal", false, ReportingZone.Utc);
        var call = new LimitedCall(holder, subject, IPAddress.Loopback, new ChatCompletionsApi(), new CallRequest("gpt-5-mini") { MaxOutputTokens = maxTokens }, "openai", "gpt-5-mini");
        return await process.Get<CallLimits>().EnterAsync(call, Cancellation);
    }

    private long Used(ProductProcess process)
    {
        var now = _clock.GetUtcNow();
        long used = 0;
        process.Get<LimitBooks>().Of(_tenant.Id).ForEach((_, quota) => used += quota.Used(now));
        return used;
    }
}
