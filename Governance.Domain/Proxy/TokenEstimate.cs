namespace Governance.Domain.Proxy;

/// <summary>A rough token count for text whose true count the provider did not report; always flagged as estimated.</summary>
public static class TokenEstimate
{
    /// <summary>English text runs at about four bytes a token (OpenAI, "What are tokens and how to count them?").</summary>
    public static long FromBytes(long bytes) => (bytes + 3) / 4;
}
