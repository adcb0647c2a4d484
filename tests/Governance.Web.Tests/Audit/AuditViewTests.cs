using Governance.Domain.Audit;
using Governance.Web.Components;
using Governance.Web.Components.Pages.Audit;
using Microsoft.AspNetCore.WebUtilities;

namespace Governance.Web.Tests.Audit;

public sealed class AuditViewTests
{
    [Fact]
    public void Parse_OfItsOwnLink_IsTheSameView()
    {
        var view = new AuditView
        {
            Person = Guid.CreateVersion7(),
            Actor = "key_1",
            Category = AuditCategory.DataAccess,
            AtLeast = AuditSeverity.Warning,
            Outcome = AuditOutcome.Denied,
            Action = "key",
            ResourceType = "team",
            ResourceRef = "a & b",
            Containing = "50 % of “that”",
        };
        Assert.Equal(view, Parse(Links.Audit(view: view)));
        Assert.Equal("/audit", Links.Audit(view: AuditView.Everything));
    }

    [Theory]
    [InlineData("?severity=info")]
    [InlineData("?severity=loud&category=7&result=&person=me&action=%20&cursor=x&live=1")]
    public void Parse_OfWhatMeansNothing_IsEverything(string query) => Assert.Equal(AuditView.Everything, Parse(query));

    [Fact]
    public void Parse_OfAVeryLongText_IsCut() => Assert.Equal(200, Parse("?action=" + new string('a', 5000)).Action!.Length);

    private static AuditView Parse(string url)
    {
        var query = QueryHelpers.ParseQuery(url[url.IndexOf('?', StringComparison.Ordinal)..]);
        return AuditView.Parse(name => query.GetValueOrDefault(name));
    }
}
