using Governance.Domain.Jobs;

namespace Governance.Domain.Tests.Jobs;

public sealed class ErrorPatternTests
{
    [Theory]
    [InlineData("The receiver answered 500 after 1,250.5 ms", "The receiver answered # after # ms")]
    [InlineData("There is no call req_0191a2b3c4d5e6f708192a3b4c5d6e7f to book this for.", "There is no call # to book this for.")]
    [InlineData("Item 0191a2b3-c4d5-e6f7-0819-2a3b4c5d6e7f is gone", "Item # is gone")]
    [InlineData("Column \"Name\" of 'People' can't be `null`", "Column '…' of '…' can't be '…'")]
    [InlineData("Mail to ada.lovelace@example.org bounced", "Mail to (address) bounced")]
    [InlineData("  Connection\n refused   (10.0.0.7:5432) ", "Connection refused (#)")]
    [InlineData("decade and facade stay words", "decade and facade stay words")]
    [InlineData("", "(no message)")]
    public void Of_Details_AreTakenOut(string error, string pattern) => Assert.Equal(pattern, ErrorPattern.Of(error));

    [Fact]
    public void Of_LongError_IsBounded() => Assert.Equal(ErrorPattern.MaxLength, ErrorPattern.Of(new string('x', 100_000)).Length);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 123_456)]
    public void Of_ErrorsThatDifferInNumbers_AreOneGroup(int one, int other) =>
        Assert.Equal(ErrorPattern.Of($"Timed out after {one} s (attempt {one})"), ErrorPattern.Of($"Timed out after {other} s (attempt {other})"));

    [Fact]
    public void Of_HostileInput_TakesNoTime() => Assert.NotEmpty(ErrorPattern.Of(string.Concat(Enumerable.Repeat("\"'a@1-0f", 50_000))));
}
