namespace Governance.Domain.Identity;

/// <summary>The interfaces of the proxy, which a key is allowed one by one. They are the scopes of a virtual key.</summary>
public static class ProxyApis
{
    public const string ChatCompletions = "chat.completions";
    public const string Responses = "responses";
    public const string Messages = "messages";
    public const string GenerateContent = "generate_content";
    public const string Converse = "converse";
    public const string InvokeModel = "invoke_model";
    public const string Embeddings = "embeddings";
    public const string Moderations = "moderations";
    public const string Models = "models";

    /// <summary>Every interface, in the order in which pages list them.</summary>
    public static IReadOnlyList<ProxyApi> All { get; } =
    [
        new(ChatCompletions, "Chat completions (OpenAI, Azure, compatible servers)"),
        new(Responses, "Responses (OpenAI)"),
        new(Messages, "Messages (Anthropic)"),
        new(GenerateContent, "Generate content (Gemini)"),
        new(Converse, "Converse (Bedrock)"),
        new(InvokeModel, "Invoke model (Bedrock)"),
        new(Embeddings, "Embeddings"),
        new(Moderations, "Moderations (OpenAI)"),
        new(Models, "Lists of models"),
    ];

    public static bool Exists(string name) => All.Any(api => api.Name == name);
}

/// <summary>An interface of the proxy.</summary>
/// <param name="Name">As scopes and errors name it.</param>
/// <param name="DisplayName">As pages call it.</param>
public sealed record ProxyApi(string Name, string DisplayName);
