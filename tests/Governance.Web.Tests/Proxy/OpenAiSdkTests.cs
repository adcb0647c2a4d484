using System.ClientModel;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace Governance.Web.Tests.Proxy;

/// <summary>The official OpenAI .NET SDK, with only base URL and key changed.</summary>
public sealed class OpenAiSdkTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ChatClient Client => new("gpt-5-mini", new ApiKeyCredential(proxy.Tenant.Key.Secret),
        new OpenAIClientOptions { Endpoint = new Uri(proxy.Server.Url + "/proxy/openai/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });

    [Fact]
    public async Task CompleteChat_Plain_AnswersAndIsBooked()
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(content: "Well, thank you.", prompt: 21, completion: 6)));

        var completion = await Client.CompleteChatAsync([new UserChatMessage("How are you?")], cancellationToken: Cancellation);

        Assert.Equal("Well, thank you.", completion.Value.Content[0].Text);
        Assert.Equal(21, completion.Value.Usage.InputTokenCount);
        completion.GetRawResponse().Headers.TryGetValue("x-governance-request-id", out var id);
        Assert.Equal(21, (await proxy.BookedAsync(Guid.ParseExact(id!["req_".Length..], "n"))).Row.Usage.Input);
    }

    [Fact]
    public async Task CompleteChat_Streaming_YieldsTheTextInPieces()
    {
        proxy.Upstream.Enqueue(Replies.Stream(Replies.Chunk("Well, "), Replies.Chunk("thank you."), Replies.UsageChunk(prompt: 21, completion: 6), Replies.Done));

        var text = new StringBuilder();
        await foreach (var update in Client.CompleteChatStreamingAsync([new UserChatMessage("How are you?")], cancellationToken: Cancellation))
            foreach (var part in update.ContentUpdate) text.Append(part.Text);

        Assert.Equal("Well, thank you.", text.ToString());
    }

    [Fact]
    public async Task CompleteChat_WithTools_CallsTheTool()
    {
        proxy.Upstream.Enqueue(Replies.Json(
            """{"id":"c1","object":"chat.completion","created":1,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"lookup","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}"""));
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("lookup") } };

        var completion = await Client.CompleteChatAsync([new UserChatMessage("Look it up")], options, Cancellation);

        Assert.Equal("lookup", Assert.Single(completion.Value.ToolCalls).FunctionName);
    }

    [Theory]
    [InlineData("no-such-model", 400, "model_not_priced")]
    public async Task CompleteChat_Refused_RaisesTheSdksOwnException(string model, int status, string code)
    {
        var client = new ChatClient(model, new ApiKeyCredential(proxy.Tenant.Key.Secret), new OpenAIClientOptions { Endpoint = new Uri(proxy.Server.Url + "/proxy/openai/v1") });

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancellation));

        Assert.Equal(status, exception.Status);
        Assert.Contains(code, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_ProvidersError_ReachesTheSdkUnchanged()
    {
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Too fast", "requests", "rate_limit_exceeded"), 429));

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => Client.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancellation));

        Assert.Equal(429, exception.Status);
        Assert.Contains("Too fast", exception.Message, StringComparison.Ordinal);
    }
}
