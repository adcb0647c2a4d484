using FsCheck.Fluent;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Domain.Tests.Proxy.Resilience;

public sealed class CircuitBreakerTests
{
    private static readonly BreakerRules Rules = new();

    private readonly CircuitBreaker _breaker = new(Rules);
    private DateTimeOffset _now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Report_FiveFailuresInARow_OpensAtTheFifth()
    {
        for (var failure = 1; failure < 5; failure++) Assert.Null(Call(AttemptVerdict.Failed));
        var change = Call(AttemptVerdict.Failed);

        Assert.Equal(new BreakerChange(BreakerState.Closed, BreakerState.Open, _now, _now + Rules.OpenFor, 1, "5 failures in a row."), change);
        Assert.Equal(new BreakerEntry(false, _breaker.Enter(_now).Generation, Rules.OpenFor), _breaker.Enter(_now));
    }

    [Fact]
    public void Report_ASuccessInBetween_BeginsToCountAnew()
    {
        for (var round = 0; round < 4; round++)
        {
            for (var failure = 1; failure < 5; failure++) Assert.Null(Call(AttemptVerdict.Failed));
            _now += Rules.Window; // The share of failures is not what is tested.
            Assert.Null(Call(AttemptVerdict.Sound));
        }

        Assert.Equal(BreakerState.Closed, _breaker.StateAt(_now));
    }

    [Fact]
    public void Report_WhatSaysNothing_NeitherCountsNorEndsARow()
    {
        for (var failure = 1; failure < 5; failure++)
        {
            Call(AttemptVerdict.Failed);
            Assert.Null(Call(AttemptVerdict.Nothing));
        }

        Assert.NotNull(Call(AttemptVerdict.Failed));
    }

    [Fact]
    public void Report_HalfOfEnoughCallsFail_Opens()
    {
        for (var call = 1; call < Rules.MinimumCalls; call++) Assert.Null(Call(call % 2 == 0 ? AttemptVerdict.Failed : AttemptVerdict.Sound));
        Assert.Equal("10 of 20 calls failed within 60 s.", Call(AttemptVerdict.Failed)?.Reason);
    }

    [Fact]
    public void Report_FailuresOlderThanTheWindow_DoNotCount()
    {
        for (var call = 1; call < Rules.MinimumCalls; call++) Call(call % 2 == 0 ? AttemptVerdict.Failed : AttemptVerdict.Sound);
        _now += Rules.Window;
        Assert.Null(Call(AttemptVerdict.Failed));
    }

    [Fact]
    public void Enter_WhenThePauseIsOver_LetsTrialsInAndClosesAfterThem()
    {
        Open();
        _now += Rules.OpenFor - TimeSpan.FromTicks(1);
        Assert.False(_breaker.Enter(_now).Entered);
        _now += TimeSpan.FromTicks(1);
        Assert.Equal(BreakerState.HalfOpen, _breaker.StateAt(_now));
        var (first, second, third) = (_breaker.Enter(_now), _breaker.Enter(_now), _breaker.Enter(_now));
        Assert.Equal((true, true, false), (first.Entered, second.Entered, third.Entered));
        Assert.Equal(Rules.OpenFor, third.Wait);

        Assert.Null(_breaker.Report(first, AttemptVerdict.Sound, null, _now));
        var change = _breaker.Report(second, AttemptVerdict.Sound, null, _now);
        Assert.Equal((BreakerState.HalfOpen, BreakerState.Closed, (DateTimeOffset?)null), (change!.From, change.To, change.OpenUntil));
        Assert.True(_breaker.Enter(_now).Entered);
    }

    [Fact]
    public void Report_TrialsFail_PausesTwiceAsLongEachTimeUpToTheBound()
    {
        Open();
        var pauses = new List<double>();
        for (var round = 0; round < 7; round++)
        {
            _now += _breaker.WaitAt(_now);
            var change = _breaker.Report(_breaker.Enter(_now), AttemptVerdict.Failed, null, _now);
            pauses.Add((change!.OpenUntil!.Value - _now).TotalSeconds);
        }

        Assert.Equal([30, 60, 120, 240, 300, 300, 300], pauses);
    }

    [Fact]
    public void Report_AfterItClosed_BeginsWithTheShortPauseAgain()
    {
        Open();
        _now += Rules.OpenFor;
        _breaker.Report(_breaker.Enter(_now), AttemptVerdict.Failed, null, _now);
        _now += _breaker.WaitAt(_now);
        for (var trial = 0; trial < Rules.Trials; trial++) _breaker.Report(_breaker.Enter(_now), AttemptVerdict.Sound, null, _now);
        Open();
        Assert.Equal(Rules.OpenFor, _breaker.WaitAt(_now));
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(3, 15)]
    [InlineData(90_000, 300)]
    public void Report_ProviderAsksToWait_PausesAtLeastThatLongWithinTheBound(int asked, int expected)
    {
        for (var failure = 0; failure < 5; failure++) _breaker.Report(_breaker.Enter(_now), AttemptVerdict.Failed, TimeSpan.FromSeconds(asked), _now);
        Assert.Equal(TimeSpan.FromSeconds(expected), _breaker.WaitAt(_now));
    }

    [Fact]
    public void Report_CallThatBeganBeforeItOpened_ChangesNothing()
    {
        var early = _breaker.Enter(_now);
        Open();
        Assert.Null(_breaker.Report(early, AttemptVerdict.Sound, null, _now));
        _now += Rules.OpenFor;
        _breaker.Enter(_now);
        Assert.Null(_breaker.Report(early, AttemptVerdict.Failed, null, _now));
        Assert.Equal(BreakerState.HalfOpen, _breaker.StateAt(_now));
    }

    [Fact]
    public void Enter_TrialsThatNeverComeBack_LetOthersInAfterAWhile()
    {
        Open();
        _now += Rules.OpenFor;
        for (var trial = 0; trial < Rules.Trials; trial++) Assert.True(_breaker.Enter(_now).Entered);
        _now += TimeSpan.FromSeconds(5);
        Assert.Equal(Rules.OpenFor - TimeSpan.FromSeconds(5), _breaker.Enter(_now).Wait);
        _now += Rules.OpenFor - TimeSpan.FromSeconds(5);
        Assert.True(_breaker.Enter(_now).Entered);
    }

    [Fact]
    public void Report_TrialThatSaysNothing_GivesItsPlaceBack()
    {
        Open();
        _now += Rules.OpenFor;
        for (var caller = 0; caller < 10; caller++) Assert.Null(_breaker.Report(_breaker.Enter(_now), AttemptVerdict.Nothing, null, _now));
        Assert.True(_breaker.Enter(_now).Entered);
    }

    [Fact]
    public void Reset_Open_ClosesAndForgetsHowOftenItOpened()
    {
        Open();
        Assert.Equal(BreakerState.Closed, _breaker.Reset(_now, "By hand.")!.To);
        Assert.Null(_breaker.Reset(_now, "By hand."));
        Open();
        Assert.Equal(Rules.OpenFor, _breaker.WaitAt(_now));
    }

    [Fact]
    public void Follow_OpeningsAndClosingsOfAnother_AreFollowedUnlessOlder()
    {
        var opened = new BreakerChange(BreakerState.Closed, BreakerState.Open, _now, _now.AddSeconds(60), 3, "There.");
        Assert.True(_breaker.Follow(opened));
        Assert.False(_breaker.Follow(opened));
        Assert.Equal(TimeSpan.FromSeconds(60), _breaker.WaitAt(_now));

        Assert.True(_breaker.Follow(new BreakerChange(BreakerState.HalfOpen, BreakerState.Closed, _now.AddSeconds(1), null, 0, "There.")));
        Assert.False(_breaker.Follow(opened));
        Assert.Equal(BreakerState.Closed, _breaker.StateAt(_now));
    }

    [Fact]
    public void Follow_AnOpening_GoesOnToDoubleFromThere()
    {
        _breaker.Follow(new BreakerChange(BreakerState.HalfOpen, BreakerState.Open, _now, _now.AddSeconds(30), 2, "There."));
        _now = _now.AddSeconds(30);
        Assert.Equal(3, _breaker.Report(_breaker.Enter(_now), AttemptVerdict.Failed, null, _now)!.Openings);
        Assert.Equal(TimeSpan.FromSeconds(60), _breaker.WaitAt(_now));
    }

    /// <summary>Whatever happens: who is refused is told a wait after which, and not before which, somebody is let in; and while it is open nobody is.</summary>
    [Fact]
    public void Enter_AnySequence_TheWaitThatIsToldIsTrue()
    {
        var step =
            from milliseconds in Gen.Choose(0, 20_000)
            from verdict in Gen.Choose(0, 2)
            from asked in Gen.Choose(0, 90)
            select (milliseconds, verdict, asked);
        Law.Holds(Gen.ListOf(step).Select(list => list.ToList()), steps =>
        {
            var (breaker, now) = (new CircuitBreaker(Rules), _now);
            foreach (var (milliseconds, verdict, asked) in steps)
            {
                now = now.AddMilliseconds(milliseconds);
                var entry = breaker.Enter(now);
                if (entry.Entered)
                {
                    breaker.Report(entry, (AttemptVerdict)verdict, TimeSpan.FromSeconds(asked), now);
                    continue;
                }

                Assert.InRange(entry.Wait, TimeSpan.FromTicks(1), Rules.MaxOpenFor);
                Assert.Equal(entry.Wait, breaker.WaitAt(now));
                Assert.False(breaker.Enter(now + entry.Wait - TimeSpan.FromTicks(1)).Entered);
                now += entry.Wait;
                var trial = breaker.Enter(now);
                Assert.True(trial.Entered);
                breaker.Report(trial, (AttemptVerdict)verdict, null, now);
            }
        });
    }

    private BreakerChange? Call(AttemptVerdict verdict) => _breaker.Report(_breaker.Enter(_now), verdict, null, _now);

    private void Open()
    {
        for (var failure = 0; failure < Rules.Failures; failure++) Call(AttemptVerdict.Failed);
        Assert.Equal(BreakerState.Open, _breaker.StateAt(_now));
    }
}
