namespace Governance.Domain.Proxy.Gemini;

/// <summary>Where Gemini's APIs are called, in both versions (ai.google.dev/gemini-api/docs/api-versions).</summary>
public static class GeminiRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } = [.. Of("/v1beta"), .. Of("/v1")];

    private static ApiRoute[] Of(string version) =>
    [
        new("POST", version + "/models/{model}:generateContent", new GenerateContentApi(streams: false)),
        new("POST", version + "/models/{model}:streamGenerateContent", new GenerateContentApi(streams: true)),
        new("POST", version + "/models/{model}:embedContent", new EmbedContentApi()),
        new("POST", version + "/models/{model}:batchEmbedContents", new EmbedContentApi()),
        new("POST", version + "/models/{model}:countTokens", new CountTokensApi()),
        new("GET", version + "/models", new ModelsApi()),
        new("GET", version + "/models/{model}", new ModelsApi()),
    ];
}
