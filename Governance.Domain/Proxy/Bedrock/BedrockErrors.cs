using System.Text.Json;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>
/// Bedrock's exceptions (docs.aws.amazon.com/bedrock/latest/APIReference, "Errors" of Converse and InvokeModel): the type stands in a header,
/// and in streams in that of the event.
/// </summary>
public sealed class BedrockErrors : ErrorShape
{
    /// <summary>The one exception of streams that says nothing but that the stream broke.</summary>
    internal const string StreamError = "modelStreamErrorException";

    public static BedrockErrors Instance { get; } = new();

    public override byte[] Body(ProxyError error) => JsonSerializer.SerializeToUtf8Bytes(new { message = error.Message }, JsonSerializerOptions.Web);

    public override (string Name, string Value)? Header(ProxyError error) => ("x-amzn-ErrorType", TypeOf(error));

    /// <summary>Streams know fewer exceptions, with names that begin in lower case ("ConverseStreamOutput", "ResponseStream").</summary>
    public override (string? Name, byte[] Data) Event(ProxyError error) => (error.Status switch
    {
        429 => "throttlingException",
        < 500 => "validationException",
        500 => "internalServerException",
        503 => "serviceUnavailableException",
        _ => StreamError,
    }, Body(error));

    private static string TypeOf(ProxyError error) => error switch
    {
        // By this type AWS's SDKs recognise a clock that is wrong, and correct it.
        { Code: ProxyErrors.SignatureMismatchCode or ProxyErrors.SignatureExpiredCode } => "InvalidSignatureException",
        { Status: 401 or 403 } => "AccessDeniedException",
        { Status: 404 } => "ResourceNotFoundException",
        { Status: 408 or 504 } => "ModelTimeoutException",
        { Status: 429 } => "ThrottlingException",
        { Status: 502 or 503 } => "ServiceUnavailableException",
        { Status: >= 500 } => "InternalServerException",
        _ => "ValidationException",
    };
}
