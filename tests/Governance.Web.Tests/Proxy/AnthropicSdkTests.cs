using System.Text;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Governance.Web.Tests.Proxy;

/// <summary>The official Anthropic .NET SDK, with only base URL and key changed.</summary>
public sealed class AnthropicSdkTests(EveryFormatTests.Fixture proxy) : IClassFixture<EveryFormatTests.Fixture>
{
    private const string Answer =
        """{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":[{"type":"text","text":"Well, thank you."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":21,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":6}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static MessageCreateParams Question => new()
    {
        Model = "claude-haiku-4-5", MaxTokens = 100, Messages = [new UserMessageParam { Content = "How are you?" }],
    };

    private AnthropicClient Client => new() { ApiKey = proxy.Tenant.Key.Secret, BaseUrl = proxy.Server.Url + "/proxy/anthropic", MaxRetries = 0 };

    [Fact]
    public async Task Create_Plain_AnswersAndReachesTheProviderWithItsOwnKey()
    {
        proxy.Upstream.Enqueue(Replies.Json(Answer));

        var message = await Client.Messages.Create(Question, Cancellation);

        Assert.Equal((21L, 6L), (message.Usage.InputTokens, message.Usage.OutputTokens));
        var received = proxy.Upstream.Received[^1];
        Assert.Equal("/v1/messages", received.Path);
        Assert.Equal(StubUpstream.ApiKey, received.Headers["x-api-key"]);
        Assert.NotEmpty(received.Headers["anthropic-version"]);
        Assert.DoesNotContain(received.Headers.Values, value => value.Contains(proxy.Tenant.Key.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreateStreaming_Stream_YieldsTheTextInPieces()
    {
        var sample = FormatSample.All["anthropic"];
        proxy.Upstream.Enqueue(Replies.Bytes(sample.Bytes, sample.MediaType));

        var text = new StringBuilder();
        await foreach (var each in Client.Messages.CreateStreaming(Question, Cancellation))
        {
            if (each.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece)) text.Append(piece.Text);
        }

        Assert.Equal("Grüße 😀", text.ToString());
    }

    [Fact]
    public async Task Create_AnswerThatCallsATool_NamesTheTool()
    {
        proxy.Upstream.Enqueue(Replies.Json(Answer.Replace(
            """{"type":"text","text":"Well, thank you."}""", """{"type":"tool_use","id":"toolu_1","name":"lookup","input":{}}""", StringComparison.Ordinal)));

        var message = await Client.Messages.Create(Question, Cancellation);

        Assert.True(Assert.Single(message.Content).TryPickToolUse(out var tool));
        Assert.Equal("lookup", tool.Name);
    }

    [Fact]
    public async Task Create_ModelWithoutAPrice_RaisesTheSdksOwnException()
    {
        var exception = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => Client.Messages.Create(Question with { Model = "no-such-model" }, Cancellation));

        Assert.Contains("no-such-model", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WrongKey_RaisesTheSdksOwnException() =>
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => new AnthropicClient { ApiKey = "gvk_wrong", BaseUrl = proxy.Server.Url + "/proxy/anthropic", MaxRetries = 0 }.Messages.Create(Question, Cancellation));
}
