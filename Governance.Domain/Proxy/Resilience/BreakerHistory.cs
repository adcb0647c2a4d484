namespace Governance.Domain.Proxy.Resilience;

/// <summary>A time in which a breaker stood in one state.</summary>
public sealed record BreakerSpan(BreakerState State, DateTimeOffset From, DateTimeOffset To);

/// <summary>How a breaker stood over a period, from its changes.</summary>
public static class BreakerHistory
{
    /// <summary>Spans that follow each other without a gap from the period's start to its end.</summary>
    /// <param name="changes">The changes within the period, in their order. What came before the first is taken from the state it changed from.</param>
    /// <param name="from">The start.</param>
    /// <param name="to">The end.</param>
    public static IReadOnlyList<BreakerSpan> Of(IReadOnlyList<BreakerChange> changes, DateTimeOffset from, DateTimeOffset to)
    {
        var spans = new List<BreakerSpan>();
        var (at, state, openUntil) = (from, changes.Count > 0 ? changes[0].From : BreakerState.Closed, (DateTimeOffset?)null);
        foreach (var change in changes)
        {
            Add(change.At);
            (state, openUntil) = (change.To, change.OpenUntil);
        }

        Add(to);
        return spans;

        void Add(DateTimeOffset end)
        {
            if (end <= at) return;
            var opened = state == BreakerState.Open && openUntil is { } until && until < end ? Later(until, at) : end;
            Append(state, opened);
            if (opened < end) Append(BreakerState.HalfOpen, end);
        }

        void Append(BreakerState stood, DateTimeOffset end)
        {
            if (end <= at) return;
            if (spans.Count > 0 && spans[^1].State == stood) spans[^1] = spans[^1] with { To = end };
            else spans.Add(new BreakerSpan(stood, at, end));
            at = end;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
