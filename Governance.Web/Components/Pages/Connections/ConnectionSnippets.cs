using Governance.Domain.Proxy;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>How a connection is called with the SDK of its kind.</summary>
internal static class ConnectionSnippets
{
    private const string Key = "gvk_…";

    /// <param name="kind">The kind of provider.</param>
    /// <param name="address">What the SDK takes as base URL: <see cref="Address"/>.</param>
    public static IReadOnlyList<(string Title, string Text)> Of(Provider kind, string address) => kind.Id switch
    {
        "anthropic" =>
        [
            ("Python", $"from anthropic import Anthropic\n\nclient = Anthropic(\n    base_url=\"{address}\",\n    api_key=\"{Key}\")"),
            ("Node", $"import Anthropic from \"@anthropic-ai/sdk\";\n\nconst client = new Anthropic({{\n  baseURL: \"{address}\",\n  apiKey: \"{Key}\" }});"),
        ],
        "google" =>
        [
            ("Python", $"from google import genai\n\nclient = genai.Client(\n    api_key=\"{Key}\",\n    http_options={{\"base_url\": \"{address}\"}})"),
            ("Node", $"import {{ GoogleGenAI }} from \"@google/genai\";\n\nconst client = new GoogleGenAI({{\n  apiKey: \"{Key}\",\n  httpOptions: {{ baseUrl: \"{address}\" }} }});"),
        ],
        "bedrock" =>
        [
            ("Python", $"import boto3, os\n\nos.environ[\"AWS_BEARER_TOKEN_BEDROCK\"] = \"{Key}\"\nclient = boto3.client(\n    \"bedrock-runtime\", region_name=\"eu-central-1\",\n    endpoint_url=\"{address}\")"),
        ],
        _ =>
        [
            ("Python", $"from openai import OpenAI\n\nclient = OpenAI(\n    base_url=\"{address}\",\n    api_key=\"{Key}\")"),
            ("Node", $"import OpenAI from \"openai\";\n\nconst client = new OpenAI({{\n  baseURL: \"{address}\",\n  apiKey: \"{Key}\" }});"),
            (".NET", $"var client = new ChatClient(\"gpt-5-mini\", new ApiKeyCredential(\"{Key}\"),\n    new OpenAIClientOptions\n    {{\n        Endpoint = new Uri(\"{address}\"),\n    }});"),
        ],
    };

    /// <param name="kind">The kind of provider.</param>
    /// <param name="baseUri">The site's address, with its slash.</param>
    /// <param name="segment">The connection's name, or the base of the kind whose default it is.</param>
    public static string Address(Provider kind, string baseUri, string segment) =>
        $"{baseUri}proxy/{segment}{(kind.Id == "azure-openai" ? "/openai/v1" : kind.VersionPrefix)}";
}
