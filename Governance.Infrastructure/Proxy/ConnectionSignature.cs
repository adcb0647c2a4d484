using Governance.Domain.Proxy.Bedrock;

namespace Governance.Infrastructure.Proxy;

/// <summary>Signs a request to AWS with the key of a connection that has one to sign with.</summary>
public static class ConnectionSignature
{
    private const string Endpoint = "bedrock-runtime";
    private const string DefaultRegion = "us-east-1";

    /// <summary>Adds the date and the signature; nothing that is signed may change afterwards.</summary>
    /// <param name="request">The request, complete but for these.</param>
    /// <param name="body">Its whole body; empty for none.</param>
    /// <param name="connection">Where it goes, with the id and the secret of the key.</param>
    /// <param name="now">When it is signed.</param>
    public static void Sign(HttpRequestMessage request, byte[] body, ProviderConnection connection, DateTimeOffset now)
    {
        var (address, date) = (request.RequestUri!, AwsSignature.Timestamp(now));
        var headers = new Dictionary<string, string> { ["host"] = address.Authority, [AwsSignature.DateHeader] = date };
        if (request.Content?.Headers.ContentType is { } type) headers["content-type"] = type.ToString();
        var signed = new AwsRequest(request.Method.Method, address.AbsolutePath, address.Query.TrimStart('?'), headers, body);
        var authorization = AwsSignature.Sign(signed, connection.Credential.AccessKeyId!, connection.Credential.Secret, RegionOf(connection));
        request.Headers.TryAddWithoutValidation(AwsSignature.DateHeader, date);
        request.Headers.TryAddWithoutValidation("Authorization", authorization.Header);
    }

    /// <summary>
    /// The connection's own, or that of its address, which names it behind the service, such as <c>bedrock-runtime.eu-west-1.amazonaws.com</c>
    /// (docs.aws.amazon.com/general/latest/gr/bedrock.html).
    /// </summary>
    internal static string RegionOf(ProviderConnection connection)
    {
        if (connection.Region is { Length: > 0 } region) return region;
        var labels = new Uri(connection.BaseUrl).Host.Split('.');
        var service = Array.FindIndex(labels, label => label is Endpoint or Endpoint + "-fips");
        return service >= 0 && service + 1 < labels.Length ? labels[service + 1] : DefaultRegion;
    }
}
