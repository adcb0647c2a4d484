using System.Text.Json;
using Governance.Domain.Jobs;

namespace Governance.Domain.Tests.Jobs;

public sealed class JsonDiffTests
{
    [Fact]
    public void Of_Documents_TellsEachValueThatDiffers() => Assert.Equal(
        [
            new JsonChange("a", "1", "2"), new JsonChange("gone", "true", null), new JsonChange("deep.list[1].x", "\"y\"", "\"z\""), new JsonChange("deep.list[2]", "3", null),
            new JsonChange("deep.fresh", null, "{\"k\":1}"),
        ],
        JsonDiff.Of(
            """{"a":1,"gone":true,"deep":{"list":[0,{"x":"y"},3]}}""",
            """{"deep":{"list":[0,{"x":"z"}],"fresh":{"k":1}},"a":2}"""));

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1, 2], "a": 1.0 }""")]
    [InlineData("null", "null")]
    public void Of_SameMeaning_IsNothing(string before, string after) => Assert.Empty(JsonDiff.Of(before, after));

    [Fact]
    public void Of_OtherKinds_IsTheWholeValue() => Assert.Equal([new JsonChange("(value)", "[1]", "{\"a\":1}")], JsonDiff.Of("[1]", "{\"a\":1}"));

    [Fact]
    public void Of_NoJson_Throws() => Assert.ThrowsAny<JsonException>(() => JsonDiff.Of("{}", "{"));
}
