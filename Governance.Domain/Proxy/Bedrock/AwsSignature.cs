using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>What a check of a signature found.</summary>
public enum SignatureCheck
{
    Valid,

    /// <summary>It was made over something else, with another secret, or over too little.</summary>
    Mismatch,

    /// <summary>It was made too long ago, or by a clock that is ahead.</summary>
    Expired,
}

/// <summary>
/// AWS Signature Version 4 in a header (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html): what a connection signs for Bedrock, and
/// what a caller signs for the proxy.
/// </summary>
public static class AwsSignature
{
    public const string Service = "bedrock";
    public const string DateHeader = "x-amz-date";

    /// <summary>How far the clocks of both sides may be apart.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string HostHeader = "host";
    private const string HashHeader = "x-amz-content-sha256";
    private const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The value of <see cref="DateHeader"/> for a moment.</summary>
    public static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>Signs every header of a request, <c>host</c> and <see cref="DateHeader"/> among them.</summary>
    /// <param name="request">The request; its date header tells when it is signed.</param>
    /// <param name="accessKeyId">The id of the key.</param>
    /// <param name="secret">The key.</param>
    /// <param name="region">The region it goes to.</param>
    /// <param name="service">The service it goes to.</param>
    public static AwsAuthorization Sign(AwsRequest request, string accessKeyId, string secret, string region, string service = Service)
    {
        var names = request.Headers.Keys.Order(StringComparer.Ordinal).ToList();
        var unsigned = new AwsAuthorization(accessKeyId, request.Headers[DateHeader][..8], region, service, names, "");
        return unsigned with { Signature = Convert.ToHexStringLower(Compute(request, unsigned, secret)) };
    }

    /// <summary>Checks a signature that a caller sent.</summary>
    /// <param name="request">The request as it arrived.</param>
    /// <param name="authorization">What it claims.</param>
    /// <param name="secret">The secret of the key it names.</param>
    /// <param name="now">The moment of the check.</param>
    /// <param name="service">The service it must be signed for.</param>
    public static SignatureCheck Verify(AwsRequest request, AwsAuthorization authorization, string secret, DateTimeOffset now, string service = Service)
    {
        // 1. Enough is signed, and all of it was sent.
        if (authorization.Service != service) return SignatureCheck.Mismatch;
        if (!authorization.SignedHeaders.Contains(HostHeader) || !authorization.SignedHeaders.Contains(DateHeader)) return SignatureCheck.Mismatch;
        if (!authorization.SignedHeaders.All(request.Headers.ContainsKey)) return SignatureCheck.Mismatch;

        // 2. It is of the day its key is for, and of now.
        var date = request.Headers[DateHeader];
        if (!DateTimeOffset.TryParseExact(date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return SignatureCheck.Mismatch;
        if (!date.StartsWith(authorization.Date, StringComparison.Ordinal)) return SignatureCheck.Mismatch;
        if ((now - at).Duration() > Tolerance) return SignatureCheck.Expired;

        // 3. The body is the one whose hash was announced, where one was; the hash that is signed is computed here in any case.
        if (request.Headers.TryGetValue(HashHeader, out var hash)
            && !string.Equals(hash, AwsCanonicalRequest.HashOf(request.Body.Span), StringComparison.OrdinalIgnoreCase)) return SignatureCheck.Mismatch;

        // 4. The signature is the one that this secret makes.
        return CryptographicOperations.FixedTimeEquals(Compute(request, authorization, secret), Convert.FromHexString(authorization.Signature))
            ? SignatureCheck.Valid
            : SignatureCheck.Mismatch;
    }

    internal static string StringToSign(AwsRequest request, AwsAuthorization authorization) =>
        $"{AwsAuthorization.Algorithm}\n{request.Headers[DateHeader]}\n{authorization.Scope}\n"
        + AwsCanonicalRequest.HashOf(Encoding.UTF8.GetBytes(AwsCanonicalRequest.Of(request, authorization.SignedHeaders)));

    private static byte[] Compute(AwsRequest request, AwsAuthorization authorization, string secret)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[authorization.Date, authorization.Region, authorization.Service, AwsAuthorization.Terminator])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(StringToSign(request, authorization)));
    }
}
