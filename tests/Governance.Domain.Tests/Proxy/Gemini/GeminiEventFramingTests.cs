using System.Text;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Gemini;

namespace Governance.Domain.Tests.Proxy.Gemini;

public sealed class GeminiEventFramingTests
{
    [Theory]
    [InlineData("data: {\"a\":1}\r\n\r\n", """{"a":1}""")]
    [InlineData("{\n  \"error\": {\"code\": 503}\n}\n\n", "{\n  \"error\": {\"code\": 503}\n}")]
    [InlineData(": ping\n\n", "")]
    public void Read_Frame_IsTheEventsDataOrABareObject(string frame, string data) =>
        Assert.Equal(data, Encoding.UTF8.GetString(new GeminiEventFraming().Read(Encoding.UTF8.GetBytes(frame)).Data));

    [Fact]
    public void LastFrame_Error_IsBareAndReadAsAnError()
    {
        var framing = new GeminiEventFraming();
        var bytes = framing.LastFrame(null, GeminiErrors.Instance.Body(ProxyErrors.ProviderCut));
        Assert.Equal(bytes.Length, framing.FirstFrameLength(bytes));
        Assert.Equal((byte)'{', bytes[0]);
        Assert.Equal(AnswerPart.Error, new GeminiReader().ReadFrame(framing.Read(bytes)));
    }
}
