namespace Governance.Domain.Proxy.Anthropic;

/// <summary>Where Anthropic's APIs are called (platform.claude.com/docs/en/api/overview).</summary>
public static class AnthropicRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("POST", "/v1/messages", new MessagesApi()),
        new("POST", "/v1/messages/count_tokens", new CountTokensApi()),
        new("GET", "/v1/models", new ModelsApi()),
        new("GET", "/v1/models/{model}", new ModelsApi()),
    ];
}
