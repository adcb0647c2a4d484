using Governance.Domain.Proxy.Resilience;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>What pages say of circuit breakers, in words that need no knowledge of the pattern.</summary>
internal static class BreakerWords
{
    public static string Of(BreakerState state) => state switch
    {
        BreakerState.Closed => "Available",
        BreakerState.HalfOpen => "On trial",
        _ => "Paused",
    };

    public static string Class(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "trial",
        _ => "open",
    };

    public static (string Tone, string Icon) Look(BreakerState state) => state switch
    {
        BreakerState.Closed => ("good", "check"),
        BreakerState.HalfOpen => ("warn", "clock"),
        _ => ("bad", "block"),
    };

    /// <summary>What is going on, in a sentence.</summary>
    public static string Sentence(BreakerState state, TimeSpan wait) => state switch
    {
        BreakerState.Closed => "Calls go through.",
        BreakerState.HalfOpen => "The pause is over: a few calls go through to find out whether the provider is back.",
        _ => $"The provider failed repeatedly, so nothing is sent to it for another {Span(wait)}. Calls go to the fallback of their route, or are refused with the time to wait.",
    };

    /// <summary>A duration in its largest unit.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalHours: >= 2 } => $"{span.TotalHours:0} hours",
        { TotalMinutes: >= 2 } => $"{span.TotalMinutes:0} minutes",
        _ => $"{RetryAfter.Seconds(span)} {(RetryAfter.Seconds(span) == 1 ? "second" : "seconds")}",
    };
}
