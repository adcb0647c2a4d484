using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Tests.Data;

public sealed class FreshCacheTests
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FakeTime _clock = new();
    private int _read;

    [Fact]
    public async Task GetAsync_ManyAtOnce_ReadOnce()
    {
        var cache = new FreshCache<string, string?>(_clock, Freshness);
        var answer = new TaskCompletionSource<string?>();
        var asked = Enumerable.Range(0, 100).Select(_ => cache.GetAsync("a", _ => Counted(answer.Task), default).AsTask()).ToList();
        answer.SetResult("A");
        Assert.All(await Task.WhenAll(asked), value => Assert.Equal("A", value));
        Assert.Equal(1, _read);
    }

    [Fact]
    public async Task GetAsync_NoLongerFresh_ReadAnewOnce()
    {
        var cache = new FreshCache<string, string?>(_clock, Freshness);
        Assert.Equal("A", await AskAsync(cache, "A"));
        _clock.Advance(Freshness - TimeSpan.FromTicks(1));
        Assert.Equal("A", await AskAsync(cache, "B"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("B", await AskAsync(cache, "B"));
        Assert.Equal("B", await AskAsync(cache, "C"));
    }

    [Fact]
    public async Task Forget_WhileItIsRead_WhoeverAsksThenReadsAnew()
    {
        var cache = new FreshCache<string, string?>(_clock, Freshness);
        var answer = new TaskCompletionSource<string?>();
        var before = cache.GetAsync("a", _ => answer.Task, default).AsTask();
        cache.Forget("a");
        Assert.Equal("new", await AskAsync(cache, "new"));
        answer.SetResult("old");
        Assert.Equal("old", await before);
        Assert.Equal("new", await AskAsync(cache, "newer"));
    }

    [Fact]
    public async Task Forget_Some_LeavesTheOthers()
    {
        var cache = new FreshCache<string, string?>(_clock, Freshness);
        foreach (var key in new[] { "a", "b" }) await cache.GetAsync(key, key => Task.FromResult<string?>(key), default);
        cache.Forget(value => value == "a");
        Assert.Equal(1, cache.Count);
        cache.Forget();
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task GetAsync_MissingOrFailed_IsNotKept()
    {
        var cache = new FreshCache<string, string?>(_clock, Freshness);
        Assert.Null(await AskAsync(cache, null));
        await Assert.ThrowsAsync<TimeoutException>(() => cache.GetAsync("a", _ => Task.FromException<string?>(new TimeoutException()), default).AsTask());
        Assert.Equal(0, cache.Count);
        Assert.Equal("A", await AskAsync(cache, "A"));
    }

    [Fact]
    public async Task GetAsync_OneWhoWaitsGivesUp_OthersGetTheValue()
    {
        var cache = new FreshCache<string, string?>(_clock, Freshness);
        var answer = new TaskCompletionSource<string?>();
        using var impatient = new CancellationTokenSource();
        var (first, second) = (cache.GetAsync("a", _ => answer.Task, impatient.Token).AsTask(), cache.GetAsync("a", _ => answer.Task, default).AsTask());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult("A");
        Assert.Equal("A", await second);
    }

    [Fact]
    public async Task GetAsync_MoreThanAreKept_StaysBounded()
    {
        var cache = new FreshCache<int, string?>(_clock, Freshness) { Capacity = 3 };
        for (var i = 0; i < 8; i++)
        {
            await cache.GetAsync(i, _ => Task.FromResult<string?>("A"), default);
            Assert.InRange(cache.Count, 1, 3);
        }
    }

    private static ValueTask<string?> AskAsync(FreshCache<string, string?> cache, string? value) => cache.GetAsync("a", _ => Task.FromResult(value), default);

    private Task<string?> Counted(Task<string?> answer)
    {
        _read++;
        return answer;
    }
}
