using FsCheck.Fluent;
using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy;

public sealed class CallTagsTests
{
    [Fact]
    public void Parse_NamesAndValues_AreTrimmedAndNamesLowered()
    {
        var (tags, error) = CallTags.Parse(" Feature = chat room ,x.y-z_1= a=b ,, empty=");
        Assert.Null(error);
        Assert.Equal(new Dictionary<string, string> { ["feature"] = "chat room", ["x.y-z_1"] = "a=b", ["empty"] = "" }, tags);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    public void Parse_Nothing_IsNoTag(string? header)
    {
        var (tags, error) = CallTags.Parse(header);
        Assert.Null(error);
        Assert.Empty(tags);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("=value")]
    [InlineData("a b=value")]
    [InlineData("ä=value")]
    [InlineData("a=1, A=2")]
    [InlineData("a=\u0000")]
    [InlineData("a=b\u007f")]
    public void Parse_BrokenTag_IsAnError(string header) => Assert.NotNull(CallTags.Parse(header).Error);

    [Theory]
    [InlineData(64, 128, 20, true)]
    [InlineData(65, 128, 20, false)]
    [InlineData(64, 129, 20, false)]
    [InlineData(64, 128, 21, false)]
    public void Parse_AtTheLimits_AcceptsJustThose(int name, int value, int count, bool accepted)
    {
        var header = string.Join(',', Enumerable.Range(0, count).Select(i => $"{new string('n', name - 2)}{i:00}={new string('v', value)}"));
        Assert.Equal(accepted, CallTags.Parse(header).Error is null);
    }

    [Fact]
    public void Parse_AnyText_Answers() => Law.Holds(
        Gen.Choose(0, 300).SelectMany(length => Gen.Choose(0, 0x24f).Select(code => (char)code).ArrayOf(length)),
        text => Assert.True(CallTags.Parse(new string(text)).Tags.Count <= CallTags.MaxTags + 1));
}
