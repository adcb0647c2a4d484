using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>Who calls.</summary>
/// <param name="Holder">The key, if it is known; also where the caller could not prove that it is theirs.</param>
/// <param name="Error">Why the caller is refused; none if they are who they say.</param>
/// <param name="Body">The body, where it had to be read for that.</param>
internal sealed record Caller(KeyHolder? Holder, ProxyError? Error = null, byte[]? Body = null);

/// <summary>Finds out who calls: by a key that was sent, or by one that signed.</summary>
internal sealed class CallerCheck(KeyDirectory keys, RequestSignatures signatures, IOptions<ProxyOptions> options)
{
    public async ValueTask<Caller> FindAsync(HttpContext http, CallTarget target)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (AwsAuthorization.Claims(header) && (target.Kind is null || target.Kind == Providers.Bedrock)) return await FindSignerAsync(http, header);
        if (CallerKey.Find(http.Request, target.Kind) is not { } key) return new Caller(null, ProxyErrors.MissingKey);
        var holder = SecretKey.HasShape(SecretKey.VirtualKeyPrefix, key) ? await keys.FindAsync(key, http.RequestAborted) : null;
        return holder is null ? new Caller(null, ProxyErrors.InvalidKey) : new Caller(holder);
    }

    /// <summary>Whom the request names is looked up first: nobody's body is read for a name that nobody has.</summary>
    private async ValueTask<Caller> FindSignerAsync(HttpContext http, string header)
    {
        if (!AwsAuthorization.TryParse(header, out var authorization)) return new Caller(null, ProxyErrors.SignatureMismatch);
        if (await signatures.FindAsync(authorization, http.RequestAborted) is not { } signer) return new Caller(null, ProxyErrors.InvalidKey);
        var (body, tooLarge) = await RequestBody.ReadAsync(http, options.Value.MaxRequestBytes);
        if (tooLarge is not null) return new Caller(signer.Holder, tooLarge);
        return new Caller(signer.Holder, signatures.Check(signer, authorization, SignedRequest.Of(http, body!)), body);
    }
}
