using System.Text;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Anthropic;

namespace Governance.Domain.Tests.Proxy.Anthropic;

public sealed class AnthropicErrorsTests
{
    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(402, "billing_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(422, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(502, "api_error")]
    [InlineData(503, "api_error")]
    [InlineData(504, "timeout_error")]
    [InlineData(529, "overloaded_error")]
    public void Body_Status_IsAnthropicsErrorWithTheStableCode(int status, string type) => Assert.Equal(
        $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"Ask for less.","code":"some_code"},"request_id":null}""",
        Encoding.UTF8.GetString(AnthropicErrors.Instance.Body(new ProxyError(status, "some_code", "t", "Ask for less."))));

    [Fact]
    public void Event_Error_IsReadAsOneByTheReader()
    {
        var (name, data) = AnthropicErrors.Instance.Event(ProxyErrors.ProviderCut);
        var reader = new MessagesReader();
        var run = StreamRun.Of(new SseFraming(), reader, new SseFraming().LastFrame(name, data));
        Assert.Equal(("error", AnswerPart.Error, "api_error"), (name, Assert.Single(run.Parts), reader.ErrorCode));
    }
}
