using System.Collections.Frozen;
using System.Net.Http.Headers;

namespace Governance.Web.Proxy;

/// <summary>Which headers pass the proxy. Everything else stays on its side: credentials, cookies, hop-by-hop headers.</summary>
internal static class RelayedHeaders
{
    public static IReadOnlyList<string> ToProvider { get; } =
    [
        "Accept", "User-Agent", "Idempotency-Key", "OpenAI-Beta", "anthropic-version", "anthropic-beta",
        "X-Amzn-Bedrock-Accept", "X-Amzn-Bedrock-Trace", "X-Amzn-Bedrock-GuardrailIdentifier", "X-Amzn-Bedrock-GuardrailVersion",
        "X-Amzn-Bedrock-PerformanceConfig-Latency", "X-Amzn-Bedrock-Service-Tier",
    ];

    private static readonly FrozenSet<string> ToCaller = new[]
    {
        "content-type", "retry-after", "retry-after-ms", "x-should-retry", "x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-amzn-errortype",
        "openai-processing-ms", "openai-version", "openai-model", "x-ms-region",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] FamiliesToCaller = ["x-ratelimit-limit-", "x-ratelimit-remaining-", "x-ratelimit-reset-", "anthropic-ratelimit-", "x-amzn-bedrock-"];

    /// <summary>What says something about an answer itself, and not about the moment or the way it was given.</summary>
    private static readonly FrozenSet<string> OfTheAnswer = new[] { "content-type", "openai-version", "openai-model", "x-ms-region" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What of a caller's headers goes on to the provider.</summary>
    public static IEnumerable<KeyValuePair<string, IEnumerable<string?>>> OfCaller(IHeaderDictionary headers)
    {
        foreach (var name in ToProvider)
        {
            if (headers.TryGetValue(name, out var values)) yield return new(name, values);
        }
    }

    public static void CopyToCaller(HttpResponseMessage from, HttpResponse to)
    {
        Copy(from.Headers.NonValidated, to.Headers);
        Copy(from.Content.Headers.NonValidated, to.Headers);
    }

    /// <summary>What of an answer's head belongs to the answer when it is given again.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?[]>> OfAnswer(IHeaderDictionary headers) =>
    [
        .. headers.Where(header => OfTheAnswer.Contains(header.Key) || header.Key.StartsWith("x-amzn-bedrock-", StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
    ];

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (Passes(name)) to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    private static bool Passes(string name)
    {
        if (ToCaller.Contains(name)) return true;
        foreach (var family in FamiliesToCaller)
        {
            if (name.StartsWith(family, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
