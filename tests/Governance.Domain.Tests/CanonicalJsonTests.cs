namespace Governance.Domain.Tests;

public sealed class CanonicalJsonTests
{
    /// <summary>The example of RFC 8785, section 3.2.3: member names sort by UTF-16 code units.</summary>
    [Fact]
    public void Write_MembersOfTheRfc_AreSortedByCodeUnits() => Assert.Equal(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
        + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        CanonicalJson.Write(new Dictionary<string, object?>
        {
            ["\u20ac"] = "Euro Sign",
            ["\r"] = "Carriage Return",
            ["\ufb33"] = "Hebrew Letter Dalet With Dagesh",
            ["1"] = "One",
            ["\ud83d\ude00"] = "Emoji: Grinning Face",
            ["\u0080"] = "Control",
            ["\u00f6"] = "Latin Small Letter O With Diaeresis",
        }));

    /// <summary>The string of RFC 8785, section 3.2.2.</summary>
    [Fact]
    public void Write_StringOfTheRfc_HasOnlyTheEscapesItNeeds() =>
        Assert.Equal("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"", CanonicalJson.Write("\u20ac$\u000f\nA'\u0042\"\\\\\"/"));

    [Fact]
    public void Write_EveryKindOfValue_HasNoWhiteSpace() => Assert.Equal(
        """{"a":[1,-2,true,false,null,[],{}],"b":{"x":9007199254740991}}""",
        CanonicalJson.Write(new Dictionary<string, object?>
        {
            ["b"] = new Dictionary<string, object?> { ["x"] = 9007199254740991L },
            ["a"] = new object?[] { 1, -2, true, false, null, Array.Empty<object>(), new Dictionary<string, object?>() },
        }));

    [Fact]
    public void Write_NumberThatReadersWouldRound_Throws()
    {
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(9007199254740992L));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(1.5));
    }
}
