using Governance.Domain.Identity;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// What interfaces and providers are called in telemetry: the values of <c>gen_ai.operation.name</c> and <c>gen_ai.provider.name</c>, from
/// OpenTelemetry's semantic conventions (opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai). What has no name there keeps its own.
/// </summary>
public static class GenAiNames
{
    public const string Chat = "chat";

    /// <summary>A call that was refused before it was known what it asked for.</summary>
    public const string Unknown = "unknown";

    public static string OperationOf(string? scope) => scope switch
    {
        null => Unknown,
        ProxyApis.ChatCompletions or ProxyApis.Responses or ProxyApis.Messages or ProxyApis.Converse or ProxyApis.InvokeModel => Chat,
        ProxyApis.GenerateContent => "generate_content",
        _ => scope,
    };

    public static string ProviderOf(string provider) => provider switch
    {
        "azure-openai" => "azure.ai.openai",
        "bedrock" => "aws.bedrock",
        "google" => "gcp.gemini",
        _ => provider,
    };
}
