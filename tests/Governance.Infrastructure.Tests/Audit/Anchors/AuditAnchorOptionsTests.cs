using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

public sealed class AuditAnchorOptionsTests
{
    private static readonly AuditAnchorOptionsValidator Validator = new();

    [Fact]
    public void Validate_Nothing_IsFine() => Assert.True(Validator.Validate(null, new AuditAnchorOptions()).Succeeded);

    [Fact]
    public void Validate_EverythingWrong_NamesEveryKey()
    {
        var options = new AuditAnchorOptions { Every = TimeSpan.Zero, MailEvery = TimeSpan.FromHours(1), Timeout = TimeSpan.Zero, Folder = "/does/not/exist" };
        options.Webhooks.Add("http://example.org/hook");
        options.Webhooks.Add("https://example.org/hook?a=1");
        options.Webhooks.Add("https://example.org/hook?a=2");
        options.Mail.Add("Ann <ann@example.org>");
        options.Witnesses.Add(new WitnessOptions { Url = "https://witness.example/?q=1", VerifierKey = "witness.example+00000000+AAAA" });

        var failures = Validator.Validate(null, options).Failures!.Select(failure => failure.Split(' ')[0]);
        Assert.Equal(
            ["Every", "MailEvery", "Timeout", "Folder", "Webhooks:0", "Webhooks:2", "Mail:0", "Witnesses:0:Url", "Witnesses:0:VerifierKey"],
            failures.Select(key => key["Audit:Anchors:".Length..]));
    }

    [Theory]
    [InlineData("https://example.org/hook", true)]
    [InlineData("http://127.0.0.1:9/hook", true)]
    [InlineData("http://localhost/hook", true)]
    [InlineData("http://example.org/hook", false)]
    [InlineData("https://user:password@example.org/", false)]
    [InlineData("https://example.org/#there", false)]
    [InlineData("ftp://example.org/", false)]
    [InlineData("example.org", false)]
    public void Parse_Address_IsTakenIfItIsSafe(string url, bool taken) => Assert.Equal(taken, WebhookUrl.Parse(url) is not null);

    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.0.0.1", false)]
    public void IsLinkLocal_Address_IsRecognised(string address, bool expected) => Assert.Equal(expected, OutgoingSockets.IsLinkLocal(System.Net.IPAddress.Parse(address)));

    [Fact]
    public async Task Post_LinkLocalAddress_IsNotConnectedTo()
    {
        using var client = new WebhookClient(TimeProvider.System);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(
            new Uri("https://169.254.169.254/latest"), [], "application/json", new Dictionary<string, string>(), TimeSpan.FromSeconds(10), default));
        Assert.Contains("link-local", refused.ToString(), StringComparison.Ordinal);
    }
}
