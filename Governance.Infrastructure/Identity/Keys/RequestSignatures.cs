using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>Checks who signed a request to the proxy.</summary>
public sealed class RequestSignatures(KeyDirectory keys, MasterKey master, TimeProvider time)
{
    /// <summary>Whoever a request names; none if nobody is named so. It costs a look-up alone: the body is needed only once somebody is.</summary>
    public async ValueTask<RequestSigner?> FindAsync(AwsAuthorization authorization, CancellationToken cancellation) =>
        RequestSigningKey.HasShape(authorization.AccessKeyId) ? await keys.FindSignerAsync(authorization.AccessKeyId, cancellation) : null;

    /// <summary>Why a request is not the signer's; none if it is.</summary>
    public ProxyError? Check(RequestSigner signer, AwsAuthorization authorization, AwsRequest request)
    {
        var secret = RequestSigningKey.Unwrap(master, signer.AccessKeyId, signer.WrappedSecret);
        return AwsSignature.Verify(request, authorization, secret, time.GetUtcNow()) switch
        {
            SignatureCheck.Valid => null,
            SignatureCheck.Expired => ProxyErrors.SignatureExpired,
            _ => ProxyErrors.SignatureMismatch,
        };
    }
}
