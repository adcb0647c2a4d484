namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Where the APIs in OpenAI's formats are called.</summary>
internal static class OpenAiRoutes
{
    private static readonly ChatCompletionsApi ChatCompletions = new();
    private static readonly ResponsesApi Responses = new();
    private static readonly EmbeddingsApi Embeddings = new();
    private static readonly ModelsApi Models = new();

    /// <summary>Of OpenAI itself and of servers that copy it.</summary>
    public static IReadOnlyList<ApiRoute> OpenAi { get; } =
    [
        new("POST", "/chat/completions", ChatCompletions),
        new("POST", "/responses", Responses),
        new("POST", "/embeddings", Embeddings),
        new("POST", "/moderations", new ModerationsApi()),
        new("GET", "/models", Models),
        new("GET", "/models/{model}", Models),
    ];

    /// <summary>Of Azure: by deployment, or without a version's date below <c>v1</c> (learn.microsoft.com/azure/ai-foundry/openai/reference).</summary>
    public static IReadOnlyList<ApiRoute> Azure { get; } =
    [
        new("POST", "/openai/deployments/{model}/chat/completions", ChatCompletions),
        new("POST", "/openai/deployments/{model}/embeddings", Embeddings),
        new("POST", "/openai/responses", Responses),
        new("GET", "/openai/models", Models),
        new("POST", "/openai/v1/chat/completions", ChatCompletions),
        new("POST", "/openai/v1/responses", Responses),
        new("POST", "/openai/v1/embeddings", Embeddings),
        new("GET", "/openai/v1/models", Models),
    ];
}
