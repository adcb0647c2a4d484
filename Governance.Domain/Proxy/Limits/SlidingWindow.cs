namespace Governance.Domain.Proxy.Limits;

/// <summary>
/// Counts what was let through in the last 60 seconds. Amounts are kept by the quarter of a second in which they came, and each counts until its
/// whole quarter is 60 seconds old. So an amount counts for at least 60 and at most 60.25 seconds: in no window of 60 seconds is more let through
/// than the limit, and a steady flow gets at least 99.5 % of it. Not safe for several threads.
/// </summary>
public sealed class SlidingWindow
{
    public static readonly TimeSpan Width = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan Bucket = TimeSpan.FromMilliseconds(250);

    /// <summary>After the bucket's own end, so many more pass before it no longer counts.</summary>
    private static readonly long Kept = Width.Ticks / Bucket.Ticks;

    // A queue of the buckets in which something came, oldest first, in a ring.
    private (long Bucket, long Amount)[] _ring = new (long, long)[4];
    private int _first;
    private int _count;
    private long _total;

    /// <summary>What counts at a moment.</summary>
    public long Used(DateTimeOffset now)
    {
        Drop(now);
        return _total;
    }

    /// <summary>Counts an amount.</summary>
    /// <returns>Where, for <see cref="Correct"/>.</returns>
    public long Add(DateTimeOffset now, long amount)
    {
        Drop(now);
        var bucket = BucketOf(now);
        if (_count > 0 && At(_count - 1).Bucket is var last && last >= bucket)
        {
            // The clock may have been set back; time goes on where it was.
            At(_count - 1).Amount += amount;
            _total += amount;
            return last;
        }

        if (_count == _ring.Length) Grow();
        _count++;
        At(_count - 1) = (bucket, amount);
        _total += amount;
        return bucket;
    }

    /// <summary>Changes what was counted in a bucket; nothing happens if that counts no longer.</summary>
    public void Correct(long bucket, long by)
    {
        var (low, high) = (0, _count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            ref var entry = ref At(middle);
            if (entry.Bucket == bucket)
            {
                by = Math.Max(by, -entry.Amount);
                entry.Amount += by;
                _total += by;
                return;
            }

            if (entry.Bucket < bucket) low = middle + 1;
            else high = middle - 1;
        }
    }

    /// <summary>When an amount fits under a limit if nothing else comes: now, later, or never if it is larger than the limit.</summary>
    public DateTimeOffset? FitsAt(DateTimeOffset now, long amount, long limit)
    {
        Drop(now);
        if (amount > limit) return null;
        var over = _total + amount - limit;
        if (over <= 0) return now;
        for (var index = 0; ; index++)
        {
            over -= At(index).Amount;
            if (over <= 0) return EndOf(At(index).Bucket);
        }
    }

    /// <summary>When the first of what counts counts no longer; none if nothing counts.</summary>
    public DateTimeOffset? FreesAt(DateTimeOffset now)
    {
        Drop(now);
        return _count == 0 ? null : EndOf(At(0).Bucket);
    }

    /// <summary>What came in about the last second.</summary>
    public long Recent(DateTimeOffset now)
    {
        Drop(now);
        var since = BucketOf(now) - (long)(TimeSpan.FromSeconds(1) / Bucket);
        long sum = 0;
        for (var index = _count - 1; index >= 0 && At(index).Bucket >= since; index--) sum += At(index).Amount;
        return sum;
    }

    private static long BucketOf(DateTimeOffset at) => at.UtcTicks / Bucket.Ticks;

    private static DateTimeOffset EndOf(long bucket) => new((bucket + 1 + Kept) * Bucket.Ticks, TimeSpan.Zero);

    private ref (long Bucket, long Amount) At(int index) => ref _ring[(_first + index) % _ring.Length];

    private void Drop(DateTimeOffset now)
    {
        var oldest = BucketOf(now) - Kept;
        while (_count > 0 && At(0).Bucket < oldest)
        {
            _total -= At(0).Amount;
            _first = (_first + 1) % _ring.Length;
            _count--;
        }
    }

    private void Grow()
    {
        var grown = new (long, long)[_ring.Length * 2];
        for (var index = 0; index < _count; index++) grown[index] = At(index);
        (_ring, _first) = (grown, 0);
    }
}
