namespace Governance.Infrastructure.Identity.Keys;

/// <summary>What the proxy knows of whoever claims to have signed a request; the claim is yet to be checked.</summary>
/// <param name="Holder">The virtual key the pair belongs to; revoked if either is.</param>
/// <param name="AccessKeyId">What the request named.</param>
/// <param name="WrappedSecret">The secret under the master key.</param>
public sealed record RequestSigner(KeyHolder Holder, string AccessKeyId, byte[] WrappedSecret);
