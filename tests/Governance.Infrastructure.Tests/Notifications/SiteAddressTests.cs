using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Notifications;

public sealed class SiteAddressTests
{
    [Theory]
    [InlineData("https://governance.example.org", "/account/reset?token=a%2Fb", "https://governance.example.org/account/reset?token=a%2Fb")]
    [InlineData("https://governance.example.org/", "/", "https://governance.example.org/")]
    [InlineData("https://governance.example.org", "/\\evil.example/x", "https://governance.example.org//evil.example/x")]
    [InlineData(null, "/requests", "http://127.0.0.1:5080/requests")]
    [InlineData(" ", "/requests", "http://127.0.0.1:5080/requests")]
    public void Link_Path_BeginsWithTheSite(string? url, string path, string expected) => Assert.Equal(expected, Site(url).Link(path).AbsoluteUri);

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("https://evil.example/x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("requests")]
    [InlineData("")]
    public void Link_ThatWouldLeaveTheSite_IsABug(string path) => Assert.Throws<ArgumentException>(() => Site("https://governance.example.org").Link(path));

    private static SiteAddress Site(string? url) => new(Options.Create(new SiteOptions { Url = url }), new OwnAddress(() => "http://127.0.0.1:5080"));
}
