using Governance.Domain.Proxy.Bedrock;
using Microsoft.AspNetCore.Http.Features;

namespace Governance.Web.Proxy;

/// <summary>A request as its caller signed it: the path and the query are taken as they were sent, before anything was unescaped or left out.</summary>
internal static class SignedRequest
{
    public static AwsRequest Of(HttpContext http, byte[] body)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!raw.StartsWith('/')) raw = raw.IndexOf("://", StringComparison.Ordinal) is > 0 and var at && raw.IndexOf('/', at + 3) is > 0 and var path ? raw[path..] : "/";
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var headers = http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(',', header.Value.Select(value => value?.Trim())));
        return new AwsRequest(http.Request.Method, question < 0 ? raw : raw[..question], question < 0 ? "" : raw[(question + 1)..], headers, body);
    }
}
