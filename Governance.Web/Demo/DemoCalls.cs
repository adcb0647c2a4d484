using System.Net.Http.Headers;

namespace Governance.Web.Demo;

/// <summary>A few real calls in every wire format, so that the proxy's own facts can be seen too; the sandbox answers them.</summary>
internal static class DemoCalls
{
    private static readonly string[] Questions = ["Where is my order?", "How do I change my address?", "Can I return a gift?", "Which sizes are in stock?"];

    public static async Task MakeAsync(string url, string key, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (index, question) in Questions.Index())
        {
            var (chatModel, stream) = (index % 2 == 0 ? "gpt-5-mini" : "gpt-5.6-luna", index % 2 == 1);
            (string Path, object Body)[] calls =
            [
                ("openai/v1/chat/completions", new { model = chatModel, stream, user = "shopper@customer.example", messages = new[] { new { role = "user", content = question } } }),
                ("openai/v1/responses", new { model = chatModel, stream, input = question }),
                ("anthropic/v1/messages", new { model = "claude-haiku-4-5", stream, max_tokens = 60, messages = new[] { new { role = "user", content = question } } }),
                ($"gemini/v1beta/models/gemini-2.5-flash:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}", new { contents = new[] { new { role = "user", parts = new[] { new { text = question } } } } }),
                ("azure/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21", new { stream, messages = new[] { new { role = "user", content = question } } }),
                ($"bedrock/model/amazon.nova-lite-v1%3A0/{(stream ? "converse-stream" : "converse")}", new { messages = new[] { new { role = "user", content = new[] { new { text = question } } } } }),
            ];

            // The application that asks speaks to one provider most of the time.
            foreach (var (path, body) in index == 0 ? calls : calls.Take(1 + index)) await CallAsync(client, path, body, cancellation);
        }
    }

    /// <summary>One call that is made three times, by an application whose answers are kept.</summary>
    public static async Task RepeatAsync(string url, string key, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var body = new { model = "gpt-5-mini", messages = new[] { new { role = "user", content = "Describe a blue ceramic teapot for the catalogue." } } };
        for (var time = 0; time < 3; time++) await CallAsync(client, "openai/v1/chat/completions", body, cancellation);
    }

    private static async Task CallAsync(HttpClient client, string path, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/" + path) { Content = JsonContent.Create(body) };
        request.Headers.Add("x-governance-tags", "feature=chat, channel=web");
        using var response = await client.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(cancellation);
    }
}
