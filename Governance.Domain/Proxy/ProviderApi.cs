namespace Governance.Domain.Proxy;

/// <summary>
/// One API of a provider that the proxy serves in the provider's own wire format: how a request is read, how an answer is metered, how an
/// error looks. Instances have no state.
/// </summary>
public abstract class ProviderApi
{
    /// <summary>Which interface of the proxy it belongs to, as the scopes of keys name it (<see cref="Identity.ProxyApis"/>).</summary>
    public abstract string Scope { get; }

    public abstract ErrorShape Errors { get; }

    /// <summary>The provider charges nothing for it, so a model without a price may be asked.</summary>
    public virtual bool Free => false;

    /// <summary>Reads a request; answers either the request or the error to send.</summary>
    /// <param name="body">The whole body; empty for GET.</param>
    /// <param name="target">The path's model, where the API names it there, unescaped.</param>
    public abstract (CallRequest? Request, ProxyError? Error) ReadRequest(ReadOnlySpan<byte> body, string? target);

    /// <summary>The body as it goes to the provider: the caller's own bytes, unless the proxy has to ask for usage.</summary>
    public virtual byte[] Outgoing(CallRequest request, byte[] body) => body;

    /// <summary>A reader for one answer.</summary>
    public abstract AnswerReader NewReader();

    /// <summary>How an answer of a media type is cut into frames; none if it is one whole body.</summary>
    public virtual StreamFraming? NewFraming(CallRequest request, string? mediaType) =>
        string.Equals(mediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase) ? new SseFraming() : null;
}
