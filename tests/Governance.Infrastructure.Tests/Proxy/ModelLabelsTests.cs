using Governance.Infrastructure.Proxy;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class ModelLabelsTests
{
    [Fact]
    public void Of_MoreModelsThanThereIsRoomFor_IsOtherForTheRest()
    {
        var labels = new ModelLabels();
        var named = Enumerable.Range(0, 3 * ModelLabels.Most).Select(number => labels.Of($"model-{number}", trusted: true)).Distinct().ToList();
        Assert.Equal(ModelLabels.Most + 1, named.Count);
        Assert.Equal(ModelLabels.Other, labels.Of("one-more", trusted: true));
        Assert.Equal("model-0", labels.Of("model-0", trusted: false));
    }

    [Theory]
    [InlineData("gpt-5-mini", false)]
    [InlineData("two words", true)]
    [InlineData("", true)]
    [InlineData("line\nbreak", true)]
    public void Of_ModelThatOnlyItsCallerNames_OrThatIsNoName_IsOther(string model, bool trusted) =>
        Assert.Equal(ModelLabels.Other, new ModelLabels().Of(model, trusted));
}
