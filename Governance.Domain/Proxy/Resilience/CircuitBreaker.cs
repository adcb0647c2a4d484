using System.Globalization;

namespace Governance.Domain.Proxy.Resilience;

/// <summary>
/// Keeps calls from a connection whose provider fails. Closed, it counts; open, it lets nothing through until a moment that is known; then it is
/// half-open and lets a few trials through: if they succeed it closes, and the first that fails opens it for twice as long. Safe for concurrent use.
/// </summary>
public sealed class CircuitBreaker(BreakerRules rules)
{
    private readonly Lock _gate = new();
    private readonly OutcomeWindow _window = new(rules.Window);
    private BreakerState _state = BreakerState.Closed;
    private DateTimeOffset _changedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _openUntil;
    private DateTimeOffset _trialsUntil;
    private long _generation;
    private int _openings;
    private int _failures;
    private int _trialsLeft;
    private int _trialsPassed;

    /// <summary>Its state; an open breaker whose time is over is half-open, whether or not a call has come since.</summary>
    public BreakerState StateAt(DateTimeOffset now)
    {
        lock (_gate) return _state == BreakerState.Open && now >= _openUntil ? BreakerState.HalfOpen : _state;
    }

    /// <summary>How long until a trial is let through; zero if a call would be let through now. It does not take a trial.</summary>
    public TimeSpan WaitAt(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _state switch
            {
                BreakerState.Open => Positive(_openUntil - now),
                BreakerState.HalfOpen when _trialsLeft == 0 => Positive(_trialsUntil - now),
                _ => TimeSpan.Zero,
            };
        }
    }

    /// <summary>Lets a call in or says how long to wait. Whoever is let in reports how it went.</summary>
    public BreakerEntry Enter(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_state == BreakerState.Closed) return new BreakerEntry(true, _generation, TimeSpan.Zero);
            if (_state == BreakerState.Open)
            {
                if (now < _openUntil) return new BreakerEntry(false, _generation, _openUntil - now);
                Become(BreakerState.HalfOpen);
            }

            // A trial that does not come back must not keep the breaker half-open for ever: after a while others are let through.
            if (_trialsLeft == 0 && now < _trialsUntil) return new BreakerEntry(false, _generation, _trialsUntil - now);
            if (_trialsLeft == 0) (_trialsLeft, _trialsUntil) = (rules.Trials, now + rules.OpenFor);
            _trialsLeft--;
            return new BreakerEntry(true, _generation, TimeSpan.Zero);
        }
    }

    /// <summary>Says how a call went that was let in.</summary>
    /// <param name="entry">What <see cref="Enter"/> gave it.</param>
    /// <param name="verdict">How it went.</param>
    /// <param name="wait">How long the provider asks to wait; none if it does not say.</param>
    /// <param name="now">When it ended.</param>
    /// <returns>The change this makes; none for most.</returns>
    public BreakerChange? Report(BreakerEntry entry, AttemptVerdict verdict, TimeSpan? wait, DateTimeOffset now)
    {
        lock (_gate)
        {
            // What was let in by an earlier state says nothing about this one.
            if (!entry.Entered || entry.Generation != _generation) return null;
            if (verdict == AttemptVerdict.Nothing)
            {
                if (_state == BreakerState.HalfOpen) _trialsLeft++;
                return null;
            }

            return _state == BreakerState.HalfOpen ? ReportTrial(verdict, wait, now) : ReportCall(verdict, wait, now);
        }
    }

    /// <summary>Closes it whatever it counted.</summary>
    /// <returns>The change; none if it was closed.</returns>
    public BreakerChange? Reset(DateTimeOffset now, string reason)
    {
        lock (_gate)
        {
            (_failures, _openings) = (0, 0);
            _window.Clear();
            return _state == BreakerState.Closed ? null : Close(now, reason);
        }
    }

    /// <summary>Follows what another process saw of the same connection; what is older than the state here is not followed.</summary>
    /// <returns>Whether something changed.</returns>
    public bool Follow(BreakerChange change)
    {
        lock (_gate)
        {
            if (change.At <= _changedAt) return false;
            if (change.To == BreakerState.Closed)
            {
                _changedAt = change.At;
                var changed = _state != BreakerState.Closed;
                if (changed) Close(change.At, change.Reason);
                return changed;
            }

            // The longer of two openings counts.
            if (_state == BreakerState.Open && change.OpenUntil <= _openUntil) return false;
            _openings = Math.Max(_openings, change.Openings);
            (_openUntil, _changedAt) = (change.OpenUntil ?? change.At, change.At);
            Become(BreakerState.Open);
            return true;
        }
    }

    private BreakerChange? ReportTrial(AttemptVerdict verdict, TimeSpan? wait, DateTimeOffset now)
    {
        if (verdict == AttemptVerdict.Failed) return Open(now, wait, "A trial failed.");
        return ++_trialsPassed < rules.Trials ? null : Close(now, rules.Trials == 1 ? "A trial succeeded." : string.Create(CultureInfo.InvariantCulture, $"{rules.Trials} trials succeeded."));
    }

    private BreakerChange? ReportCall(AttemptVerdict verdict, TimeSpan? wait, DateTimeOffset now)
    {
        var failed = verdict == AttemptVerdict.Failed;
        _window.Add(now, failed);
        _failures = failed ? _failures + 1 : 0;
        if (!failed) return null;
        if (_failures >= rules.Failures) return Open(now, wait, string.Create(CultureInfo.InvariantCulture, $"{_failures} failures in a row."));
        var (calls, failures) = _window.Count(now);
        return calls >= rules.MinimumCalls && failures >= rules.ErrorRate * calls
            ? Open(now, wait, string.Create(CultureInfo.InvariantCulture, $"{failures} of {calls} calls failed within {rules.Window.TotalSeconds:0} s."))
            : null;
    }

    private BreakerChange Open(DateTimeOffset now, TimeSpan? wait, string reason)
    {
        var from = _state;
        _openUntil = now + OpenFor(++_openings, wait);
        _changedAt = now;
        Become(BreakerState.Open);
        return new BreakerChange(from, BreakerState.Open, now, _openUntil, _openings, reason);
    }

    /// <summary>Twice as long each time, and at least as long as the provider asks for, but never longer than the bound.</summary>
    private TimeSpan OpenFor(int openings, TimeSpan? wait)
    {
        var grown = Math.Min(rules.OpenFor.TotalSeconds * Math.Pow(2, Math.Min(openings - 1, 30)), rules.MaxOpenFor.TotalSeconds);
        var asked = Math.Min((wait ?? TimeSpan.Zero).TotalSeconds, rules.MaxOpenFor.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(grown, asked));
    }

    private BreakerChange Close(DateTimeOffset now, string reason)
    {
        var from = _state;
        _changedAt = now;
        _openings = 0;
        Become(BreakerState.Closed);
        return new BreakerChange(from, BreakerState.Closed, now, null, 0, reason);
    }

    private void Become(BreakerState state)
    {
        _state = state;
        _generation++;
        (_failures, _trialsLeft, _trialsPassed, _trialsUntil) = (0, 0, 0, default);
        _window.Clear();
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
