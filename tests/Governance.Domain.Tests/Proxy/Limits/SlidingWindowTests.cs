using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Proxy.Limits;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Domain.Tests.Proxy.Limits;

public sealed class SlidingWindowTests
{
    private static readonly DateTimeOffset Start = FakeTime.DefaultStart;

    /// <summary>Steps of the clock in milliseconds, some of them around the borders of buckets and windows, each with an amount that asks to pass.</summary>
    private static readonly Gen<(int Step, int Amount)[]> Asked = (
        from step in Gen.Frequency((4, Gen.Choose(0, 40)), (3, Gen.Choose(0, 1_500)), (2, Gen.Elements(249, 250, 251, 999, 1_000, 1_001)), (1, Gen.Choose(20_000, 61_000)))
        from amount in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(0, 12)))
        select (step, amount)).ArrayOf();

    [Fact]
    public void FitsAt_WhateverComes_NoWindowOf60SecondsLetsThroughMoreThanTheLimit() => Law.Holds(
        from limit in Gen.Choose(1, 40)
        from offset in Gen.Choose(0, 999)
        from asked in Asked
        select (limit, offset, asked),
        sample =>
        {
            var passed = new List<(DateTimeOffset At, long Amount)>();
            var (window, now) = (new SlidingWindow(), Start.AddMilliseconds(sample.offset));
            foreach (var (step, amount) in sample.asked)
            {
                now = now.AddMilliseconds(step);
                if (window.FitsAt(now, amount, sample.limit) != now) continue;
                window.Add(now, amount);
                passed.Add((now, amount));
            }

            // The most that any window holds is held by one that ends at a call.
            Assert.All(passed, last => Assert.True(passed.Where(call => call.At <= last.At && call.At > last.At - SlidingWindow.Width).Sum(call => call.Amount) <= sample.limit));
        });

    [Fact]
    public void Seconds_OfARefusal_PassesThenAndNotASecondBefore() => Law.Holds(
        from limit in Gen.Choose(1, 40)
        from offset in Gen.Choose(0, 999)
        from asked in Asked
        select (limit, offset, asked),
        sample =>
        {
            var passed = new List<(DateTimeOffset At, long Amount)>();
            var (window, now) = (new SlidingWindow(), Start.AddMilliseconds(sample.offset));
            foreach (var (step, amount) in sample.asked)
            {
                now = now.AddMilliseconds(step);
                var fits = window.FitsAt(now, amount, sample.limit);
                if (fits == now)
                {
                    window.Add(now, amount);
                    passed.Add((now, amount));
                }
                else if (fits is null) Assert.True(amount > sample.limit);
                else
                {
                    // Looking at a later moment forgets what is older, so each look has a window of its own.
                    var seconds = Math.Max(1, RetryAfter.Seconds(fits.Value - now));
                    Assert.InRange(seconds, 1, 61);
                    Assert.NotEqual(now.AddSeconds(seconds - 1), Again(passed).FitsAt(now.AddSeconds(seconds - 1), amount, sample.limit));
                    Assert.Equal(now.AddSeconds(seconds), Again(passed).FitsAt(now.AddSeconds(seconds), amount, sample.limit));
                }
            }
        });

    [Fact]
    public void FitsAt_SteadyFlowAboveTheLimit_LetsThroughNearlyAllOfIt()
    {
        var (window, now, passed) = (new SlidingWindow(), Start, 0);
        for (var call = 0; call < 6_000 * 10; call++, now = now.AddMilliseconds(10))
        {
            if (window.FitsAt(now, 1, 600) != now) continue;
            window.Add(now, 1);
            passed++;
        }

        Assert.InRange(passed, 5_970, 6_000); // Ten minutes at 600.
    }

    [Fact]
    public void Add_AtTheEndOfABucket_CountsUntilItIs60SecondsOld()
    {
        var window = new SlidingWindow();
        var at = Start.AddMilliseconds(249.9999);
        window.Add(at, 1);
        Assert.Equal(Start.AddSeconds(60.25), window.FitsAt(at, 1, 1));
        Assert.Equal(1, window.Used(at.AddSeconds(60)));
        Assert.Equal(0, window.Used(Start.AddSeconds(60.25)));
    }

    [Fact]
    public void Correct_CallThatUsedLess_FreesTheRest()
    {
        var window = new SlidingWindow();
        var bucket = window.Add(Start, 1_000);
        window.Add(Start.AddSeconds(10), 50);
        window.Correct(bucket, -900);
        Assert.Equal(150, window.Used(Start.AddSeconds(10)));
        Assert.Equal(50, window.Used(Start.AddSeconds(61)));
    }

    [Fact]
    public void Correct_CallThatOutlivedItsMinute_ChangesNothing()
    {
        var window = new SlidingWindow();
        var bucket = window.Add(Start, 1_000);
        window.Add(Start.AddSeconds(61), 10);
        window.Correct(bucket, 5_000);
        Assert.Equal(10, window.Used(Start.AddSeconds(61)));
    }

    [Fact]
    public void Add_ClockSetBack_GoesOnCounting()
    {
        var window = new SlidingWindow();
        window.Add(Start, 1);
        window.Add(Start.AddSeconds(-30), 1);
        Assert.Equal(2, window.Used(Start.AddSeconds(-30)));
        Assert.Equal(0, window.Used(Start.AddSeconds(61)));
    }

    private static SlidingWindow Again(List<(DateTimeOffset At, long Amount)> passed)
    {
        var window = new SlidingWindow();
        foreach (var (at, amount) in passed) window.Add(at, amount);
        return window;
    }
}
