namespace Governance.Domain.Proxy;

/// <summary>An error of the proxy's own, in provider-neutral form.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code that callers may branch on.</param>
/// <param name="Type">OpenAI's error type, which its SDKs map to exceptions.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Outcome">What the ledger records.</param>
public sealed record ProxyError(int Status, string Code, string Type, string Message, CallOutcome Outcome = CallOutcome.Refused)
{
    /// <summary>After how long the caller may try again, for the header <c>Retry-After</c>; none if that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
