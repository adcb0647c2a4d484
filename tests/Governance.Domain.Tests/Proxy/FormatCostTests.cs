using System.Text;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy;

/// <summary>
/// What whole answers of each format cost, worked out by hand in nano-dollars from the rates below, which are those of the starting price book for gpt-5-mini,
/// claude-haiku-4-5, gemini-2.5-flash (with a rate for audio) and amazon.nova-lite-v1:0.
/// </summary>
public sealed class FormatCostTests
{
    private static readonly Dictionary<string, (TokenRates Rates, UnitRates Units)> Rates = new()
    {
        ["openai"] = (new TokenRates(250_000_000, 2_000_000_000, 25_000_000), new UnitRates(Search: 10_000_000)),
        ["anthropic"] = (new TokenRates(1_000_000_000, 5_000_000_000, 100_000_000, 1_250_000_000, 2_000_000_000), new UnitRates(Search: 10_000_000)),
        ["google"] = (new TokenRates(300_000_000, 2_500_000_000, 30_000_000, AudioInput: 1_000_000_000), new UnitRates()),
        ["bedrock"] = (new TokenRates(60_000_000, 240_000_000, 15_000_000), new UnitRates()),
    };

    [Theory]
    [InlineData("openai", "/chat/completions", """{"choices":[{}],"usage":{"prompt_tokens":100,"completion_tokens":30}}""", 85_000)] // 100 × 250 + 30 × 2,000
    [InlineData("openai", "/chat/completions", """{"choices":[{}],"usage":{"prompt_tokens":100,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":40}}}""", 76_000)] // 60 × 250 + 40 × 25 + 60,000
    [InlineData("openai", "/chat/completions", """{"choices":[{}],"usage":{"prompt_tokens":100,"completion_tokens":30,"completion_tokens_details":{"reasoning_tokens":20}}}""", 85_000)] // reasoning is in the 30
    [InlineData("openai", "/chat/completions", """{"choices":[{}],"service_tier":"flex","usage":{"prompt_tokens":100,"completion_tokens":30}}""", 42_500)] // half
    [InlineData("openai", "/chat/completions", """{"choices":[{}],"service_tier":"priority","usage":{"prompt_tokens":100,"completion_tokens":30}}""", 170_000)] // twice
    [InlineData("openai", "/chat/completions", """{"error":{"message":"no","type":"server_error"}}""", 0)]
    [InlineData("openai", "/responses", """{"status":"completed","output":[],"usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":40},"output_tokens":30,"output_tokens_details":{"reasoning_tokens":20}}}""", 76_000)]
    [InlineData("openai", "/responses", """{"status":"completed","output":[{"type":"web_search_call","action":{"type":"search"}}],"usage":{"input_tokens":100,"output_tokens":30}}""", 10_085_000)] // 85,000 and a search at a cent
    [InlineData("openai", "/embeddings", """{"object":"list","data":[],"usage":{"prompt_tokens":100,"total_tokens":100}}""", 25_000)]
    [InlineData("anthropic", "/v1/messages", """{"type":"message","content":[],"usage":{"input_tokens":60,"output_tokens":30}}""", 210_000)] // 60 × 1,000 + 30 × 5,000
    [InlineData("anthropic", "/v1/messages", """{"type":"message","content":[],"usage":{"input_tokens":60,"cache_read_input_tokens":40,"output_tokens":30}}""", 214_000)] // and 40 × 100
    [InlineData("anthropic", "/v1/messages", """{"type":"message","content":[],"usage":{"input_tokens":60,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":30}}""", 262_500)] // and 10 × 1,250 + 20 × 2,000
    [InlineData("anthropic", "/v1/messages", """{"type":"message","content":[],"usage":{"input_tokens":60,"output_tokens":30,"output_tokens_details":{"thinking_tokens":20}}}""", 210_000)] // thinking is in the 30
    [InlineData("anthropic", "/v1/messages", """{"type":"message","content":[],"usage":{"input_tokens":60,"output_tokens":30,"service_tier":"batch"}}""", 105_000)] // half
    [InlineData("anthropic", "/v1/messages", """{"type":"message","content":[],"usage":{"input_tokens":60,"output_tokens":30,"server_tool_use":{"web_search_requests":2}}}""", 20_210_000)] // two searches at a cent
    [InlineData("google", "/v1beta/models/m:generateContent", """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":30}}""", 105_000)] // 100 × 300 + 30 × 2,500
    [InlineData("google", "/v1beta/models/m:generateContent", """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":10}}""", 94_200)] // 60 × 300 + 40 × 30 + 30 × 2,500
    [InlineData("google", "/v1beta/models/m:generateContent", """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"toolUsePromptTokenCount":10,"candidatesTokenCount":30}}""", 108_000)] // and 10 × 300
    [InlineData("google", "/v1beta/models/m:generateContent", """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":60},{"modality":"AUDIO","tokenCount":40}],"candidatesTokenCount":30}}""", 133_000)] // 60 × 300 + 40 × 1,000 + 30 × 2,500
    [InlineData("bedrock", "/model/m/converse", """{"output":{},"usage":{"inputTokens":100,"outputTokens":30}}""", 13_200)] // 100 × 60 + 30 × 240
    [InlineData("bedrock", "/model/m/converse", """{"output":{},"usage":{"inputTokens":60,"cacheReadInputTokens":40,"outputTokens":30}}""", 11_400)] // 60 × 60 + 40 × 15 + 30 × 240
    [InlineData("bedrock", "/model/m/converse", """{"message":"no"}""", 0)]
    public void Answer_Whole_CostsWhatTheHandSays(string provider, string path, string body, long expected)
    {
        var reader = Providers.Find(provider)!.Find("POST", path)!.Api.NewReader();
        reader.ReadBody(Encoding.UTF8.GetBytes(body));
        Assert.Equal(expected, CostOf(provider, reader));
    }

    [Fact]
    public void Answer_OfInvokeModel_IsCountedInItsHead()
    {
        var reader = Providers.Bedrock.Find("POST", "/model/m/invoke")!.Api.NewReader();
        reader.ReadHead(name => name.Contains("-Output-", StringComparison.Ordinal) ? "30" : name.Contains("Bedrock-Input-", StringComparison.Ordinal) ? "100" : null);
        reader.ReadBody("""{"content":"Hello"}"""u8);
        Assert.Equal(13_200, CostOf("bedrock", reader));
    }

    private static long CostOf(string provider, AnswerReader reader)
    {
        var (rates, units) = Rates[provider];
        var price = new Price(Guid.Empty, provider, "m", DateTimeOffset.UnixEpoch, null, rates, null, null, new PriceMultipliers(Batch: 500, Flex: 500, Priority: 2000), "by hand") { Units = units };
        return CostCalculator.Calculate(price, reader.Usage ?? default, ServiceTiers.Parse(reader.ServiceTier), units: reader.Units).Total.NanoUsd;
    }
}
