using Governance.Domain.Proxy.Bedrock;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Proxy;

/// <summary>The kinds of providers whose wire formats the proxy speaks.</summary>
public static class Providers
{
    private static readonly ApiRoute[] OpenAiRoutes =
    [
        new("POST", "/chat/completions", new ChatCompletionsApi()),
    ];

    public static Provider OpenAi { get; } = new("openai", "openai", "OpenAI", Provider.Bearer, "/v1", OpenAiRoutes);

    public static Provider Bedrock { get; } = new("bedrock", "bedrock", "Amazon Bedrock", Provider.Bearer, "",
    [
        new("POST", "/model/{model}/converse", new ConverseApi(stream: false)),
        new("POST", "/model/{model}/converse-stream", new ConverseApi(stream: true)),
        new("POST", "/model/{model}/invoke", new InvokeModelApi(stream: false)),
        new("POST", "/model/{model}/invoke-with-response-stream", new InvokeModelApi(stream: true)),
    ]);

    /// <summary>Any server that speaks OpenAI's format; it has named connections only, and the ledger knows it by the connection's name.</summary>
    public static Provider Compatible { get; } = new("openai-compatible", "", "OpenAI-compatible", Provider.Bearer, "/v1", OpenAiRoutes);

    /// <summary>Every kind, in the order in which pages list them.</summary>
    public static IReadOnlyList<Provider> All { get; } = [OpenAi, Bedrock, Compatible];

    /// <summary>The kind whose default connection is called under a segment of the path.</summary>
    public static Provider? OfBase(string segment) => segment.Length == 0 ? null : All.FirstOrDefault(provider => provider.Base == segment);

    /// <summary>The kind of an id.</summary>
    public static Provider? Find(string id) => All.FirstOrDefault(provider => provider.Id == id);
}
