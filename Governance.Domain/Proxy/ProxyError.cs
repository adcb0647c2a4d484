namespace Governance.Domain.Proxy;

/// <summary>An error of the proxy's own, in provider-neutral form.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code that callers may branch on.</param>
/// <param name="Type">OpenAI's error type, which its SDKs map to exceptions.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Outcome">What the ledger records.</param>
/// <param name="RetryAfter">After how many seconds the same request may pass; none where waiting does not help, or nobody knows how long.</param>
public sealed record ProxyError(int Status, string Code, string Type, string Message, CallOutcome Outcome = CallOutcome.Refused, int? RetryAfter = null);
