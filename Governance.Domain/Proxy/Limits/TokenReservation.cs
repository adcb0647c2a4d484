using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Limits;

/// <summary>What a call is counted to use until it is known: its prompt, as estimated, and the longest answer it may get.</summary>
public static class TokenReservation
{
    /// <summary>
    /// The answer of a call that sets no bound. Models have bounds of their own, which are far above what they usually use; what is counted is
    /// corrected once the call has ended.
    /// </summary>
    public const long DefaultOutput = 4096;

    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="api">What is called.</param>
    /// <param name="request">What is asked.</param>
    public static long Of(long prompt, ProviderApi api, CallRequest request)
    {
        if (api.Free) return 0;
        return prompt + (api.Scope == ProxyApis.Embeddings ? 0 : request.MaxOutputTokens ?? DefaultOutput);
    }
}
