using System.Text;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Domain.Tests.Proxy.Bedrock;

public sealed class BedrockErrorsTests
{
    [Theory]
    [InlineData(400, "ValidationException", "validationException")]
    [InlineData(401, "AccessDeniedException", "validationException")]
    [InlineData(403, "AccessDeniedException", "validationException")]
    [InlineData(404, "ResourceNotFoundException", "validationException")]
    [InlineData(408, "ModelTimeoutException", "validationException")]
    [InlineData(413, "ValidationException", "validationException")]
    [InlineData(429, "ThrottlingException", "throttlingException")]
    [InlineData(500, "InternalServerException", "internalServerException")]
    [InlineData(502, "ServiceUnavailableException", "modelStreamErrorException")]
    [InlineData(503, "ServiceUnavailableException", "serviceUnavailableException")]
    [InlineData(504, "ModelTimeoutException", "modelStreamErrorException")]
    public void Shape_Status_IsItsException(int status, string type, string streamed)
    {
        var error = new ProxyError(status, "code", "type", "What to do.");
        Assert.Equal(("x-amzn-ErrorType", type), BedrockErrors.Instance.Header(error));
        var (name, data) = BedrockErrors.Instance.Event(error);
        Assert.Equal((streamed, """{"message":"What to do."}"""), (name, Encoding.UTF8.GetString(data)));
        Assert.Equal("""{"message":"What to do."}""", Encoding.UTF8.GetString(BedrockErrors.Instance.Body(error)));
    }

    [Fact]
    public void Header_WrongSignature_IsTheTypeByWhichSdksMendTheirClock() =>
        Assert.All([ProxyErrors.SignatureMismatch, ProxyErrors.SignatureExpired], error =>
            Assert.Equal(("x-amzn-ErrorType", "InvalidSignatureException"), BedrockErrors.Instance.Header(error)));
}
