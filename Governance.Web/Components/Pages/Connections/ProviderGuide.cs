namespace Governance.Web.Components.Pages.Connections;

/// <summary>What somebody who connects a kind of provider needs to know.</summary>
/// <param name="BaseUrl">The provider's own address, to begin with; empty where everybody has another.</param>
/// <param name="BaseUrlHint">What it looks like.</param>
/// <param name="KeyHint">Where a key is found.</param>
/// <param name="AccountHint">What the account may be.</param>
internal sealed record ProviderGuide(string BaseUrl, string BaseUrlHint, string KeyHint, string AccountHint)
{
    public static ProviderGuide Of(string kind) => kind switch
    {
        "openai" => new(
            "https://api.openai.com/v1", "With its version. https://eu.api.openai.com/v1 keeps data in Europe, for projects that were made there.",
            "platform.openai.com › Settings › API keys: a key of a project, with permission to call models.", "Such as the project's id, proj_…"),
        "anthropic" => new(
            "https://api.anthropic.com", "Without a version.", "console.anthropic.com › Settings › API keys.", "Such as the workspace's name."),
        "google" => new(
            "https://generativelanguage.googleapis.com", "Without a version.", "aistudio.google.com › Get API key.", "Such as the Google Cloud project's id."),
        "azure-openai" => new(
            "", "The resource's endpoint without a path, such as https://my-resource.openai.azure.com.",
            "portal.azure.com › your Azure OpenAI resource › Keys and Endpoint: KEY 1 or KEY 2.", "Such as the subscription's id."),
        "bedrock" => new(
            "https://bedrock-runtime.eu-central-1.amazonaws.com", "The runtime endpoint of your region.",
            "Amazon Bedrock › API keys, or IAM › Users › Security credentials: then give the access key id too.", "Such as the AWS account's id."),
        _ => new(
            "", "Where the server answers /chat/completions, with its version, such as https://models.example.org/v1.",
            "What the server expects as bearer token. If it expects none, any word will do.", "Such as the cluster or contract."),
    };

    /// <summary>Whether deployments and profiles have names of their own.</summary>
    public static bool HasAliases(string kind) => kind is "azure-openai" or "bedrock" or "openai-compatible";
}
