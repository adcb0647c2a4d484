using System.Collections.Frozen;

namespace Governance.Web.Proxy;

/// <summary>Which headers pass the proxy. Everything else stays on its side: credentials, cookies, hop-by-hop headers.</summary>
internal static class RelayedHeaders
{
    public static IReadOnlyList<string> ToProvider { get; } = ["Accept", "User-Agent", "OpenAI-Beta", "Idempotency-Key"];

    private static readonly FrozenSet<string> ToCaller = new[]
    {
        "content-type", "retry-after", "retry-after-ms", "x-request-id", "openai-processing-ms", "openai-version", "openai-model",
        "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void CopyToCaller(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var header in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (ToCaller.Contains(header.Key)) to.Headers[header.Key] = header.Value.ToArray();
        }
    }
}
