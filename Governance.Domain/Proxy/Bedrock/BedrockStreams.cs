namespace Governance.Domain.Proxy.Bedrock;

/// <summary>How Bedrock streams, whichever API is called.</summary>
internal static class BedrockStreams
{
    public static StreamFraming? NewFraming(string? mediaType) =>
        string.Equals(mediaType, AwsEventStream.MediaType, StringComparison.OrdinalIgnoreCase) ? new EventStreamFraming() : null;
}
