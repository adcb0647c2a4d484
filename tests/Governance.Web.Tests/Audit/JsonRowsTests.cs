using Governance.Web.Components.Pages.Audit;

namespace Governance.Web.Tests.Audit;

public sealed class JsonRowsTests
{
    [Theory]
    [InlineData("""{"name":"Key","on":true,"off":false,"count":3,"none":null,"empty":""}""", "name=Key|on=yes|off=no|count=3|none=–|empty=–")]
    [InlineData("""{"before":{"name":"A"},"after":{"name":"B","deep":{"x":1}}}""", "before · name=A|after · name=B|after · deep · x=1")]
    [InlineData("""{"models":["a","b"],"nothing":[],"items":[{"id":1},{"id":2}],"object":{}}""", "models=a, b|nothing=–|items · 1 · id=1|items · 2 · id=2|object=–")]
    public void Of_AnyObject_NamesEachValueByItsPath(string json, string expected) =>
        Assert.Equal(expected, string.Join('|', JsonRows.Of(json).Select(row => $"{row.Name}={row.Value}")));
}
