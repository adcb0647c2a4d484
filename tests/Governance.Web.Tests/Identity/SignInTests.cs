using System.Net;
using AngleSharp.Html.Parser;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests.Identity;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Email = "ann@example.test";
    private const string Password = "a long enough password";
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GovernanceServer.StartAsync();
        _tenant = await _server.AddTenantAsync();
        await _tenant.AddPersonAsync(_server.Services, Email, Password);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task SignIn_KnownAndUnknownAddress_AnswerAlike()
    {
        var wrongPassword = await SignInAsync(Email, "the wrong password, surely");
        var unknownAddress = await SignInAsync("nobody@example.test", "the wrong password, surely");

        Assert.Equal((wrongPassword.Status, wrongPassword.Alert), (unknownAddress.Status, unknownAddress.Alert));
        Assert.Contains("do not match", wrongPassword.Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_FiveFailures_LocksTheAccount()
    {
        for (var i = 0; i < 5; i++) await SignInAsync(Email, "the wrong password, surely");

        Assert.Contains("do not match", (await SignInAsync(Email, Password)).Alert, StringComparison.Ordinal);
        Assert.Equal(["sign_in.failed", "locked_out"], await LastEventAsync());
    }

    [Fact]
    public async Task SignIn_PersonWithAnAuthenticator_NeedsMoreThanThePassword()
    {
        var person = await _tenant.AddPersonAsync(_server.Services, "ben@example.test", Password);
        var session = await _server.Get<SessionService>().StartAsync(person, SignInMethod.Password, mustEnrol: false, null, null, Cancellation);
        var ben = _tenant.Acting(person) with { SessionId = session.Id };
        var enrolment = (await _server.Get<SecondFactorService>().BeginAuthenticatorAsync(ben, person.Id, Cancellation)).Required();
        Assert.Equal(HttpStatusCode.Found, (await SignInAsync("ben@example.test", Password)).Status);

        var code = new AuthenticatorApp(enrolment.ManualKey).CodeAt(TimeProvider.System.GetUtcNow());
        (await _server.Get<SecondFactorService>().ConfirmAuthenticatorAsync(ben, person.Id, code, Cancellation)).Required();

        var answer = await SignInAsync("ben@example.test", Password);
        Assert.Equal("/account/two-step", answer.Location!.IsAbsoluteUri ? answer.Location.AbsolutePath : answer.Location.OriginalString);
        Assert.Equal("", answer.Cookie);
    }

    [Fact]
    public async Task SignIn_Success_IsRecordedAndSetsACookieScriptsCannotRead()
    {
        var answer = await SignInAsync(Email, Password);

        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Contains("httponly", answer.Cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", answer.Cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("sign_in.succeeded", (await LastEventAsync())[0]);
    }

    [Fact]
    public async Task SignIn_BrowserThatIsSignedInAlready_EndsTheSessionItBrought()
    {
        var first = (await SignInAsync(Email, Password)).Cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await OpenAsync(first));

        var second = (await SignInAsync(Email, Password, cookie: first)).Cookie.Split(';')[0];

        Assert.Equal(HttpStatusCode.OK, await OpenAsync(second));
        Assert.Equal(HttpStatusCode.Found, await OpenAsync(first));

        async Task<HttpStatusCode> OpenAsync(string cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/account/profile") { Headers = { { "Cookie", cookie } } };
            using var response = await _server.Client.SendAsync(request, Cancellation);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/costs?by=model", "/costs?by=model")]
    public async Task SignIn_ReturnUrl_StaysOnThisSite(string returnUrl, string expected)
    {
        var answer = await SignInAsync(Email, Password, returnUrl);

        Assert.Equal(expected, answer.Location is { IsAbsoluteUri: true } absolute ? absolute.PathAndQuery : answer.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/costs")]
    [InlineData("/requests")]
    [InlineData("/keys")]
    [InlineData("/prices")]
    [InlineData("/export/costs.csv")]
    [InlineData("/export/requests.csv")]
    public async Task Page_WithoutSignIn_LeadsToIt(string path)
    {
        using var response = await _server.Client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.StartsWith("/account/sign-in", response.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_WithoutTheFormsToken_IsRefused()
    {
        using var response = await _server.Client.PostAsync("/account/sign-out", new FormUrlEncodedContent([]), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string Alert, string Cookie, Uri? Location)> SignInAsync(
        string email, string password, string? returnUrl = null, string? cookie = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_server.Url) };
        if (cookie is not null) client.DefaultRequestHeaders.Add("Cookie", cookie);
        var path = "/account/sign-in" + (returnUrl is null ? "" : "?returnUrl=" + Uri.EscapeDataString(returnUrl));
        var form = await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(path, Cancellation), Cancellation);
        var fields = form.QuerySelector("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        fields["Input.Email"] = email;
        fields["Input.Password"] = password;
        using var response = await client.PostAsync(path, new FormUrlEncodedContent(fields), Cancellation);
        var answer = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancellation), Cancellation);
        var session = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.FirstOrDefault(value => value.StartsWith("governance=", StringComparison.Ordinal)) : null;
        return (response.StatusCode, answer.QuerySelector("[role=alert]")?.TextContent ?? "", session ?? "", response.Headers.Location);
    }

    private async Task<string[]> LastEventAsync()
    {
        await using var db = _server.Get<GovernanceDatabase>().ForOrganization(_tenant.Id);
        var last = await db.Set<AuditEvent>().OrderByDescending(row => row.At).ThenByDescending(row => row.Id).FirstAsync(Cancellation);
        return last.Reason is { } reason ? [last.Action, reason] : [last.Action];
    }
}
