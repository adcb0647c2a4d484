namespace Governance.Web.Components.Shared;

/// <summary>Ready-to-paste calls through the proxy.</summary>
internal static class UsageSnippets
{
    private const string Model = "gpt-5-mini";

    public static string Curl(string baseUri, string key) =>
        $$"""
        curl -N {{baseUri}}proxy/openai/v1/chat/completions \
          -H "Authorization: Bearer {{key}}" \
          -H "Content-Type: application/json" \
          -d '{"model":"{{Model}}","messages":[{"role":"user","content":"Hello!"}]}'
        """;

    public static string Python(string baseUri, string key) =>
        $$"""
        from openai import OpenAI

        client = OpenAI(base_url="{{baseUri}}proxy/openai/v1", api_key="{{key}}")
        reply = client.chat.completions.create(
            model="{{Model}}", messages=[{"role": "user", "content": "Hello!"}])
        print(reply.choices[0].message.content)
        """;

    public static string Node(string baseUri, string key) =>
        $$"""
        import OpenAI from "openai";

        const client = new OpenAI({ baseURL: "{{baseUri}}proxy/openai/v1", apiKey: "{{key}}" });
        const reply = await client.chat.completions.create({
          model: "{{Model}}", messages: [{ role: "user", content: "Hello!" }] });
        console.log(reply.choices[0].message.content);
        """;

    public static string DotNet(string baseUri, string key) =>
        $$"""
        var client = new ChatClient("{{Model}}", new ApiKeyCredential("{{key}}"),
            new OpenAIClientOptions { Endpoint = new Uri("{{baseUri}}proxy/openai/v1") });
        Console.WriteLine(client.CompleteChat("Hello!").Value.Content[0].Text);
        """;

    public static string ReadApi(string baseUri, string key) =>
        $"""
        curl "{baseUri}api/v1/costs?by=day,team" \
          -H "Authorization: Bearer {key}"
        """;
}
