namespace Governance.Domain.Proxy.Bedrock;

/// <summary>Where Bedrock's APIs are called (docs.aws.amazon.com/bedrock/latest/APIReference, "Amazon Bedrock Runtime").</summary>
internal static class BedrockRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("POST", "/model/{model}/converse", new ConverseApi(stream: false)),
        new("POST", "/model/{model}/converse-stream", new ConverseApi(stream: true)),
        new("POST", "/model/{model}/invoke", new InvokeModelApi(stream: false)),
        new("POST", "/model/{model}/invoke-with-response-stream", new InvokeModelApi(stream: true)),
    ];
}
