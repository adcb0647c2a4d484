using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

public sealed class UsageRequestTests
{
    private const string Options = "stream_options";
    private const string Usage = "include_usage";

    private static readonly Gen<string> Space = Gen.Elements("", "", " ", "\n  ", "\t", "\r\n");

    private static readonly Gen<string> OptionsValue = Gen.Elements(
        "null", "{}", "{ }", "true", "7", "\"x\"", "[]", "[1,{\"a\":2}]", """{"include_usage":true}""", """{"include_usage": false}""",
        """{"include_obfuscation":false}""", """{"a":{"include_usage":false},"include_usage":null,"b":[1,2]}""", """{"include_usage":{"x":[1]}}""");

    private static readonly Gen<string> Member = Gen.Elements(
        "\"model\":\"gpt-5-mini\"", "\"messages\":[{\"role\":\"user\",\"content\":\"stream_options \\\" }\"}]", "\"stream\":true", "\"temperature\":1e-3",
        "\"seed\":123456789012345678901234567890", "\"user\":\"é\\u00e9😀\"", "\"metadata\":{\"stream_options\":{\"include_usage\":false}}", "\"stop\":[\"]\",\"{\"]");

    /// <summary>Bodies with or without options, at any place, with any spacing.</summary>
    private static readonly Gen<string> Bodies =
        from before in Member.ArrayOf()
        from after in Member.ArrayOf()
        from options in Gen.OneOf(Gen.Constant(""), OptionsValue.Select(value => $"\"{Options}\":{value}"))
        from spaces in Space.ArrayOf(3)
        let members = before.Distinct().Append(options).Concat(after.Except(before).Distinct()).Where(member => member.Length > 0)
        select $"{spaces[0]}{{{spaces[1]}{string.Join("," + spaces[2], members)}{spaces[2]}}}{spaces[1]}";

    [Fact]
    public void AddTo_AnyBody_AsksForUsageAndChangesNothingElse() => Law.Holds(
        Bodies,
        body =>
        {
            var before = JsonNode.Parse(body)!.AsObject();
            var after = JsonNode.Parse(UsageRequest.AddTo(Encoding.UTF8.GetBytes(body)))!.AsObject();
            Assert.True((bool)after[Options]![Usage]!);

            // Without what was asked to change, both say the same.
            if (before[Options] is not JsonObject) before[Options] = new JsonObject();
            before[Options]!.AsObject().Remove(Usage);
            after[Options]!.AsObject().Remove(Usage);
            Assert.True(JsonNode.DeepEquals(before, after));
        },
        small: 2_000, large: 100_000);

    [Fact]
    public void AddTo_AnyBody_KeepsEveryOtherByte() => Law.Holds(
        Bodies,
        body =>
        {
            var after = Encoding.UTF8.GetString(UsageRequest.AddTo(Encoding.UTF8.GetBytes(body)));
            var prefix = CommonPrefix(body, after);
            var suffix = CommonPrefix(Reversed(body[prefix..]), Reversed(after[prefix..]));
            var removed = body[prefix..^suffix];
            // At most a value of stream_options or of include_usage went.
            Assert.True(removed.Length == 0 || JsonNode.Parse(body)!.AsObject().ContainsKey(Options), $"{body} lost {removed}");
            Assert.True(after.Length - prefix - suffix <= "\"stream_options\":{\"include_usage\":true},".Length);
        },
        small: 1_000, large: 50_000);

    [Theory]
    [InlineData("""{"stream_options":{"include_usage":false},"stream_options":{"include_usage":false},"model":"m","messages":[]}""")]
    [InlineData("""{"stream_options":{"include_usage":true},"stream_options":null}""")]
    [InlineData("""{"stream_options":{"include_usage":false,"include_usage":false}}""")]
    [InlineData("""{"stream_options":{"a":1},"stream_options":[]}""")]
    public void AddTo_RepeatedMembers_AsksWhicheverIsRead(string body)
    {
        using var after = JsonDocument.Parse(UsageRequest.AddTo(Encoding.UTF8.GetBytes(body)));
        var options = after.RootElement.EnumerateObject().Where(member => member.NameEquals(Options)).ToList();
        Assert.All(options, member => Assert.All(
            member.Value.EnumerateObject().Where(inner => inner.NameEquals(Usage)), inner => Assert.Equal(JsonValueKind.True, inner.Value.ValueKind)));
        Assert.All(options, member => Assert.True(member.Value.TryGetProperty(Usage, out _)));
    }

    private static int CommonPrefix(string left, string right) =>
        left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
