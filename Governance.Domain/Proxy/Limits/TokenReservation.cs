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

    /// <summary>More than any limit lets through, and far from where sums of such amounts end.</summary>
    public const long Most = LimitValues.Max + 1;

    /// <summary>At most <see cref="Most"/>, whatever the caller asks for.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="api">What is called.</param>
    /// <param name="request">What is asked.</param>
    public static long Of(long prompt, ProviderApi api, CallRequest request)
    {
        if (api.Free) return 0;
        var output = api.Scope == ProxyApis.Embeddings ? Int128.Zero : (Int128)(request.MaxOutputTokens ?? DefaultOutput) * request.Answers;
        return (long)Int128.Min(prompt + output, Most);
    }
}
