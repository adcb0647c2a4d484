namespace Governance.Domain.Proxy.Bedrock;

/// <summary>What a signature is made over.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The whole path as it is sent, escaped.</param>
/// <param name="Query">The query as it is sent, without its question mark.</param>
/// <param name="Headers">Values by their names in lower case; <c>host</c> included, several of one name joined by commas.</param>
/// <param name="Body">The whole body.</param>
public sealed record AwsRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
