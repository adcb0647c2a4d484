using System.Globalization;
using Governance.Domain.Proxy.Limits;

namespace Governance.Domain.Proxy;

/// <summary>Every way in which the proxy itself answers with an error.</summary>
public static class ProxyErrors
{
    private const string InvalidRequestType = "invalid_request_error";
    private const string Authentication = "authentication_error";
    private const string Api = "api_error";

    public const string SignatureMismatchCode = "signature_mismatch";
    public const string SignatureExpiredCode = "signature_expired";

    public static ProxyError MissingKey { get; } = new(401, "missing_api_key", Authentication,
        "No key was sent. Send a Governance key as 'Authorization: Bearer gvk_…'; an administrator creates one on the Keys page.");

    public static ProxyError InvalidKey { get; } = new(401, "invalid_api_key", Authentication,
        "This key is not known here. Check that it is a Governance key (gvk_…), not the provider's, and that it was copied whole.");

    public static ProxyError RevokedKey { get; } = new(401, "revoked_api_key", Authentication,
        "This key was revoked. Ask an administrator for a new one.");

    public static ProxyError ExpiredKey(DateTimeOffset at) => new(401, "expired_api_key", Authentication,
        $"This key expired at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Ask its owner or an administrator to extend it, or for a new one.");

    public static ProxyError ReplacedSecret(DateTimeOffset at) => new(401, "replaced_api_key", Authentication,
        $"This key was rotated, and this old secret of it worked until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Use the key's new secret.");

    public static ProxyError KeyOwnerDisabled { get; } = new(401, "key_owner_disabled", Authentication,
        "The person this key belongs to is disabled. Ask an administrator to hand the key over to somebody else.");

    public static ProxyError SignatureMismatch { get; } = new(403, SignatureMismatchCode, Authentication,
        "The request's signature does not match it. Check the secret of the signing key; sign for the service 'bedrock' and for the host and path as they are sent; let nothing on the way change them.");

    public static ProxyError SignatureExpired { get; } = new(403, SignatureExpiredCode, Authentication,
        $"The request was signed more than {Bedrock.AwsSignature.Tolerance.TotalMinutes:0} minutes before or after now. Set the caller's clock, and sign each request anew.");

    public static ProxyError ScopeNotAllowed(string api) => new(403, "scope_not_allowed", InvalidRequestType,
        $"This key may not call {api}. Use a key that may, or ask an administrator to add this scope to the key.");

    public static ProxyError ModelNotAllowed(string model, IEnumerable<string> allowed) => new(403, "model_not_allowed", InvalidRequestType,
        $"This key may not call the model '{model}', only {string.Join(", ", allowed)}. Use one of these, or ask an administrator to allow the model for this key.");

    public static ProxyError BodyTooLarge(long limit) => new(413, "request_too_large", InvalidRequestType,
        $"The request body is larger than {limit:N0} bytes. Send less, or have the operator raise Proxy:MaxRequestBytes.");

    public static ProxyError InvalidJson(string detail) => new(400, "invalid_json", InvalidRequestType,
        $"The request body is not valid JSON: {detail}");

    public static ProxyError InvalidField(string field, string rule) => new(400, "invalid_request", InvalidRequestType,
        $"'{field}' {rule}.");

    public static ProxyError InvalidTags(string detail) => new(400, "invalid_tags", InvalidRequestType,
        $"The header x-governance-tags is wrong: {detail} Write it as 'name=value, name=value'.");

    public static ProxyError UnpricedModel(string model) => new(400, "model_not_priced", InvalidRequestType,
        $"The model '{model}' has no price, so its cost could not be governed. Check the name, or add a price on the Prices page.");

    public static ProxyError ProviderNotConfigured(string provider) => new(503, "provider_not_configured", Api,
        $"No connection to {provider} is set up. An administrator adds one on the Providers page; Providers:Sandbox:Enabled turns the sandbox on.");

    public static ProxyError ConnectionNotApproved(string name) => new(403, "connection_not_approved", InvalidRequestType,
        $"The connection '{name}' is not approved, so nothing is sent to it. An administrator approves it on the Providers page.");

    public const string BudgetExceededCode = "budget_exceeded";

    /// <summary>Quota errors are OpenAI's for an account without credit; its SDKs raise them as such.</summary>
    /// <param name="budget">Which budget, such as "the key's daily budget of $0.01".</param>
    /// <param name="free">What of it is neither spent nor held, such as "$0.0021".</param>
    /// <param name="ceiling">What the call may cost at most; none where its model has no price.</param>
    /// <param name="until">When the budget begins anew; none if never.</param>
    public static ProxyError BudgetExceeded(string budget, string free, string? ceiling, DateTimeOffset? until) => new(429, BudgetExceededCode, "insufficient_quota",
        (ceiling is null
            ? $"The model has no price, and {budget} lets nothing pass whose cost is not known. Add a price on the Prices page."
            : $"This call may cost up to {ceiling}, and {budget} has {free} left. Ask for a shorter answer (a lower limit of output tokens), or have the budget raised.")
        + (until is { } at ? $" The budget begins anew at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC." : ""));

    /// <summary>The type is what OpenAI says there: what has run out.</summary>
    public static ProxyError RateLimited(LimitRefusal refusal, int seconds) => new(429, "rate_limit_exceeded", refusal.Metric == LimitMetric.Tokens ? "tokens" : "requests",
        $"{Reached(refusal)} Try again in {seconds} s, or ask an administrator for a higher limit on the Limits page.")
    { RetryAfter = TimeSpan.FromSeconds(seconds) };

    /// <summary>Not a 429: SDKs would try again, in vain.</summary>
    public static ProxyError LargerThanLimit(LimitRefusal refusal) => new(400, "request_exceeds_limit", InvalidRequestType,
        string.Create(CultureInfo.InvariantCulture, $"This call may use {refusal.Amount:N0} tokens, its prompt and the longest answer together, and the limit of {refusal.Whose} is {refusal.Limit:N0} tokens a minute. Send less or ask for a shorter answer, or ask an administrator for a higher limit on the Limits page."));

    private static string Reached(LimitRefusal refusal) => FormattableString.Invariant(refusal.Metric switch
    {
        LimitMetric.Requests => (FormattableString)$"The limit of {refusal.Whose}, {refusal.Limit:N0} requests a minute, is reached.",
        LimitMetric.Tokens => $"The limit of {refusal.Whose}, {refusal.Limit:N0} tokens a minute, is reached.",
        _ => $"The limit of {refusal.Whose}, {refusal.Limit:N0} {(refusal.Limit == 1 ? "call" : "calls")} at the same time, is reached.",
    });

    public static ProxyError LedgerUnavailable { get; } = new(503, "ledger_unavailable", Api,
        "The call could not be recorded, so it was not made. Try again; if it persists, the database is down or overloaded.");

    public static ProxyError ProviderUnreachable { get; } = new(502, "provider_unreachable", Api,
        "The provider could not be reached. Try again shortly.", CallOutcome.ProviderUnreachable);

    /// <summary>The circuit breaker keeps calls from the provider; see <see cref="Resilience.CircuitBreaker"/>.</summary>
    public static ProxyError ProviderUnavailable(TimeSpan wait) => new(503, "provider_unavailable", Api,
        $"The provider has failed repeatedly, so nothing is sent to it for the moment. It is tried again in {Resilience.RetryAfter.Seconds(wait)} seconds; the Providers page shows why.")
    { RetryAfter = wait };

    /// <summary>As many calls as are allowed at a time are on their way to the provider.</summary>
    public static ProxyError ConnectionBusy(int limit) => new(503, "connection_busy", Api,
        $"{limit:N0} calls are on their way to the provider already, the most that are allowed at a time. Try again shortly, or have the operator raise Proxy:Resilience:MaxConcurrentCalls.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static ProxyError ProviderTimeout { get; } = new(504, "provider_timeout", Api,
        "The provider did not answer in time. Try again, or ask for less.", CallOutcome.ProviderTimeout);

    public static ProxyError ProviderCut { get; } = new(502, "provider_stream_cut", Api,
        "The provider's connection broke before the answer was complete.", CallOutcome.ProviderCut);

    public static ProxyError ProviderGarbage { get; } = new(502, "provider_invalid_response", Api,
        "The provider's answer could not be understood.", CallOutcome.ProviderGarbage);

    public static ProxyError ProviderFailed(int status) => new(502, "provider_error", Api,
        $"The provider answered {status} without an explanation that could be passed on.", CallOutcome.ProviderError);

    public static ProxyError InvalidRequest(int status) => new(status, "invalid_request", InvalidRequestType,
        "The request is not valid HTTP.");

    public static ProxyError UnknownEndpoint(string method, string path) => new(404, "unknown_endpoint", InvalidRequestType,
        $"{method} {path} is not served here: what cannot be metered is not passed on. Use an API that the Providers page lists.");

    public static ProxyError UnknownConnection(string name) => new(404, "unknown_connection", InvalidRequestType,
        $"There is no provider and no connection '{name}' here. The Providers page lists both.");

    /// <summary>Recorded only; nobody is there to read it. 499 is the usual status for it in access logs.</summary>
    public static ProxyError CallerGone { get; } = new(499, "caller_gone", InvalidRequestType,
        "The caller hung up before its request was read.", CallOutcome.CallerGone);

    /// <summary>An error of ours: the caller may retry.</summary>
    public static ProxyError Internal { get; } = new(500, "internal_error", Api,
        "The proxy failed. Try again; the operator finds the cause in the log under the request id.");
}
