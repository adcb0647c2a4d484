using Governance.Domain.Proxy.Anthropic;
using Governance.Domain.Proxy.Bedrock;
using Governance.Domain.Proxy.Gemini;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Proxy;

/// <summary>The kinds of providers whose wire formats the proxy speaks.</summary>
public static class Providers
{
    public static Provider OpenAi { get; } = new("openai", "openai", "OpenAI", Provider.Bearer, "/v1", OpenAiRoutes.OpenAi);

    public static Provider Azure { get; } = new("azure-openai", "azure", "Azure OpenAI", "api-key", "", OpenAiRoutes.Azure);

    public static Provider Anthropic { get; } = new("anthropic", "anthropic", "Anthropic", "x-api-key", "", AnthropicRoutes.All);

    public static Provider Gemini { get; } = new("google", "gemini", "Gemini", "x-goog-api-key", "", GeminiRoutes.All);

    public static Provider Bedrock { get; } = new("bedrock", "bedrock", "Amazon Bedrock", Provider.Bearer, "", BedrockRoutes.All);

    /// <summary>Any server that speaks OpenAI's format; it has named connections only, and the ledger knows it by the connection's name.</summary>
    public static Provider Compatible { get; } = new("openai-compatible", "", "OpenAI-compatible", Provider.Bearer, "/v1", OpenAiRoutes.OpenAi);

    /// <summary>Every kind, in the order in which pages list them.</summary>
    public static IReadOnlyList<Provider> All { get; } = [OpenAi, Azure, Anthropic, Gemini, Bedrock, Compatible];

    /// <summary>The kind whose default connection is called under a segment of the path.</summary>
    public static Provider? OfBase(string segment) => segment.Length == 0 ? null : All.FirstOrDefault(provider => provider.Base == segment);

    /// <summary>The kind of an id.</summary>
    public static Provider? Find(string id) => All.FirstOrDefault(provider => provider.Id == id);
}
