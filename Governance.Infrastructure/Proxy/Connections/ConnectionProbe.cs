using System.Text.Json.Nodes;
using Governance.Domain.Proxy;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>The request with which a kind of provider is tested.</summary>
internal sealed record ConnectionProbe(HttpMethod Method, string PathAndQuery)
{
    private const string AnyBedrockModel = "amazon.nova-micro-v1%3A0";

    public byte[]? Body { get; private init; }

    public IReadOnlyList<KeyValuePair<string, IEnumerable<string?>>> Headers { get; private init; } = [];

    /// <summary>The array of models in the answer, and the field of each that names it.</summary>
    private (string List, string Name) Fields { get; init; } = ("data", "id");

    public static ConnectionProbe Of(Provider kind) => kind.Id switch
    {
        // https://docs.claude.com/en/api/models-list: data[].id, at most 1,000 a page.
        "anthropic" => new(HttpMethod.Get, "/v1/models?limit=1000") { Headers = [new("anthropic-version", ["2023-06-01"])] },

        // https://ai.google.dev/api/models#method:-models.list: models[].name, at most 1,000 a page.
        "google" => new(HttpMethod.Get, "/v1beta/models?pageSize=1000") { Fields = ("models", "name") },

        // https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle: the v1 API.
        "azure-openai" => new(HttpMethod.Get, "/openai/v1/models"),

        // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html: messages are missing.
        ProviderConnections.Bedrock => new(HttpMethod.Post, $"/model/{AnyBedrockModel}/converse") { Body = [.. "{}"u8] },

        // https://platform.openai.com/docs/api-reference/models/list: data[].id.
        _ => new(HttpMethod.Get, "/models"),
    };

    /// <returns>The names; none if the answer is no list of models.</returns>
    public IReadOnlyList<string>? ReadModels(JsonNode? answer)
    {
        if ((answer as JsonObject)?[Fields.List] is not JsonArray models) return null;
        return [.. models.Select(model => ((model as JsonObject)?[Fields.Name] as JsonValue)?.TryGetValue<string>(out var name) is true ? Plain(name) : null).OfType<string>()];
    }

    /// <summary>Gemini's names begin with the collection.</summary>
    private static string Plain(string name) => name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name;
}
