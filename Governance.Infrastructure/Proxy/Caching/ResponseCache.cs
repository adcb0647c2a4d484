using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Caching;

/// <summary>
/// Answers of this process, by a hash of all that was asked. They lie in memory alone, for a bounded time and within a bounded size
/// (docs/adr/0021-response-cache.md).
/// </summary>
public sealed class ResponseCache : IDisposable
{
    /// <summary>What an entry takes beside its body.</summary>
    private const int Overhead = 1024;

    private readonly MemoryCache _answers;
    private readonly ResponseCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly Counter<long> _lookups;

    public ResponseCache(IOptions<ResponseCacheOptions> options, IMeterFactory meters, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _answers = new MemoryCache(new MemoryCacheOptions { SizeLimit = _options.MaxTotalBytes, Clock = new Clock(time) });
        _lookups = meters.Create(ProxyMetrics.Source).CreateCounter<long>(
            "governance.response_cache.lookups", "{call}", "Calls that could be answered from the cache, by whether they were.");
    }

    /// <summary>The largest answer that is kept, in bytes.</summary>
    public int MaxEntryBytes => _options.MaxEntryBytes;

    internal int Count => _answers.Count;

    /// <summary>The answer to what was asked; none if there is none, or it is older than the application allows now.</summary>
    public CachedAnswer? Find(Guid organizationId, string key, TimeSpan keepFor)
    {
        var found = _answers.Get<CachedAnswer>(key) is { } answer && _time.GetUtcNow() - answer.Result.EndedAt < keepFor ? answer : null;
        _lookups.Add(
            1,
            KeyValuePair.Create<string, object?>(ProxyMetrics.Organization, organizationId.ToString()),
            KeyValuePair.Create<string, object?>("governance.response_cache.result", found is null ? "miss" : "hit"));
        return found;
    }

    /// <summary>Keeps an answer, in place of the one there may be; one that is too large is not kept.</summary>
    public void Keep(string key, CachedAnswer answer, TimeSpan keepFor)
    {
        if (answer.Body.Length > _options.MaxEntryBytes) return;
        _answers.Set(key, answer, new MemoryCacheEntryOptions { Size = answer.Body.Length + Overhead, AbsoluteExpirationRelativeToNow = keepFor });
    }

    public void Dispose() => _answers.Dispose();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
