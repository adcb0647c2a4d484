namespace Governance.Domain.Proxy;

/// <summary>How one provider's errors look, so that its SDK raises the proxy's as its own.</summary>
public abstract class ErrorShape
{
    /// <summary>The body of an answer that is an error.</summary>
    public abstract byte[] Body(ProxyError error);

    /// <summary>A header that goes with it; none for most.</summary>
    public virtual (string Name, string Value)? Header(ProxyError error) => null;

    /// <summary>An error inside a stream that has started: the event's name, where events have one, and its data.</summary>
    public virtual (string? Name, byte[] Data) Event(ProxyError error) => (null, Body(error));
}
