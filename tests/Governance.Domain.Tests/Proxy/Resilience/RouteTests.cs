using System.Text;
using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Domain.Tests.Proxy.Resilience;

public sealed class RouteTests
{
    [Fact]
    public void Of_Priorities_GoBeforeWeights()
    {
        RouteTarget[] targets = [new("c", Priority: 3, Weight: 1000), new("a"), new("b", Priority: 2, Weight: 1000)];
        for (var seed = 0; seed < 50; seed++) Assert.Equal(["a", "b", "c"], RouteOrder.Of(targets, new Random(seed)).Select(target => target.Connection));
    }

    [Fact]
    public void Of_Weights_ShareTheFirstPlaceAndWhatIsLeftOfIt()
    {
        RouteTarget[] targets = [new("a", Weight: 6), new("b", Weight: 3), new("c", Weight: 1)];
        var random = new Random(17);
        var orders = Enumerable.Range(0, 20_000).Select(_ => RouteOrder.Of(targets, random).Select(target => target.Connection).ToList()).ToList();
        Assert.All(orders, order => Assert.Equal(3, order.Distinct().Count()));
        Assert.InRange(orders.Count(order => order[0] == "a") / 20_000d, 0.585, 0.615);
        Assert.InRange(orders.Count(order => order[0] == "c") / 20_000d, 0.09, 0.11);

        // With a unavailable, b and c share by 3 to 1.
        var withoutA = orders.Select(order => order.First(name => name != "a")).ToList();
        Assert.InRange(withoutA.Count(name => name == "b") / 20_000d, 0.735, 0.765);
    }

    [Theory]
    [InlineData("gpt-5-mini", "gpt-5-mini")]
    [InlineData("gpt-5-nano", "gpt-5-*")]
    [InlineData("gpt-5", "gpt-*")]
    [InlineData("o3", null)]
    public void Best_SeveralPatterns_ItsOwnNameThenTheLongest(string model, string? expected) =>
        Assert.Equal(expected, RoutePattern.Best(["gpt-*", "gpt-5-*", "gpt-5-mini"], model));

    [Theory]
    [InlineData("""{"model":"fast","messages":[]}""", """{"model":"gpt-5","messages":[]}""")]
    [InlineData("""{ "a" : {"model":"fast"}, "model" : "fast" , "b":[1] }""", """{ "a" : {"model":"fast"}, "model" : "gpt-5" , "b":[1] }""")]
    [InlineData("""{"model":"one","model":"two"}""", """{"model":"gpt-5","model":"gpt-5"}""")]
    [InlineData("""{"mod\u0065l":"fast"}""", """{"mod\u0065l":"gpt-5"}""")]
    [InlineData("""{"messages":[]}""", """{"messages":[]}""")]
    public void Replace_Model_LeavesEveryOtherByte(string body, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(RequestModel.Replace(Encoding.UTF8.GetBytes(body), "gpt-5")));

    [Fact]
    public void Replace_ModelWithQuotes_StaysJson()
    {
        var body = RequestModel.Replace("""{"model":"fast"}"""u8, "a\"b\\c");
        Assert.Equal("a\"b\\c", JsonDocument.Parse(body).RootElement.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("gemini", "/v1beta/models/fast:streamGenerateContent", "gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash:streamGenerateContent")]
    [InlineData("bedrock", "/model/fast/converse", "amazon.nova-lite-v1:0", "/model/amazon.nova-lite-v1%3A0/converse")]
    [InlineData("azure", "/openai/deployments/fast/chat/completions", "spare", "/openai/deployments/spare/chat/completions")]
    [InlineData("openai", "/v1/chat/completions", "gpt-5", "/chat/completions")]
    public void ForModel_PathThatNamesTheModel_NamesTheOther(string provider, string path, string model, string expected) =>
        Assert.Equal(expected, Providers.OfBase(provider)!.Find("POST", path)!.ForModel(model).Path);

    [Fact]
    public void Of_Changes_BecomeSpansWithoutAGap()
    {
        var start = new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);
        BreakerChange[] changes =
        [
            new(BreakerState.Closed, BreakerState.Open, start.AddHours(1), start.AddHours(2), 1, ""),
            new(BreakerState.HalfOpen, BreakerState.Open, start.AddHours(3), start.AddHours(5), 2, ""),
            new(BreakerState.Open, BreakerState.Closed, start.AddHours(4), null, 0, ""),
            new(BreakerState.Closed, BreakerState.Open, start.AddHours(23), start.AddHours(23.5), 1, ""),
        ];
        var spans = BreakerHistory.Of(changes, start, start.AddHours(24));
        Assert.Equal(
            [(BreakerState.Closed, 1d), (BreakerState.Open, 1), (BreakerState.HalfOpen, 1), (BreakerState.Open, 1), (BreakerState.Closed, 19), (BreakerState.Open, 0.5), (BreakerState.HalfOpen, 0.5)],
            spans.Select(span => (span.State, (span.To - span.From).TotalHours)));
        Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }
}
