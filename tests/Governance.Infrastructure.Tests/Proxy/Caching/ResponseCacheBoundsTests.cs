using System.Diagnostics.Metrics;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Proxy.Caching;

/// <summary>How much a process keeps, and for how long.</summary>
public sealed class ResponseCacheBoundsTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTime _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ResponseCache _cache;

    public ResponseCacheBoundsTests() => _cache = new ResponseCache(
        Options.Create(new ResponseCacheOptions { MaxEntryBytes = 100_000, MaxTotalBytes = 1024 * 1024 }), _services.GetRequiredService<IMeterFactory>(), _clock);

    [Fact]
    public void Keep_MoreThanThereIsRoomFor_StaysWithinIt()
    {
        for (var number = 0; number < 100; number++) _cache.Keep($"{number}", Answer(90_000), Hour);
        Assert.InRange(_cache.Count, 1, 11);
    }

    [Fact]
    public void Keep_TooLarge_IsNotKept()
    {
        _cache.Keep("a", Answer(100_001), Hour);
        Assert.Null(Find("a", Hour));
    }

    [Fact]
    public void Find_UntilItsTimeIsOver_IsThatAnswer()
    {
        var answer = Answer(10);
        _cache.Keep("a", answer, Hour);
        _clock.Advance(Hour - TimeSpan.FromTicks(1));
        Assert.Same(answer, Find("a", Hour));
        Assert.Null(Find("a", Hour / 2));
        Assert.Null(Find("b", Hour));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Find("a", Hour * 2));
    }

    [Fact]
    public void Keep_AgainUnderTheSameKey_ReplacesTheAnswer()
    {
        _cache.Keep("a", Answer(10), Hour);
        var later = Answer(20);
        _cache.Keep("a", later, Hour);
        Assert.Same(later, Find("a", Hour));
    }

    public void Dispose()
    {
        _cache.Dispose();
        _services.Dispose();
    }

    private CachedAnswer? Find(string key, TimeSpan keepFor) => _cache.Find(Guid.Empty, key, keepFor);

    private CachedAnswer Answer(int bytes) => new(new byte[bytes], [], new CallResult(CallOutcome.Succeeded, _clock.GetUtcNow()), 1);
}
