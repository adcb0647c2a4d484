using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace Governance.Web.Tests.Identity;

/// <summary>What an answer says must not tell whether a mail address is known. What its time says is measured by the bench, not tested.</summary>
public sealed partial class AlikeAnswersTests : IAsyncLifetime
{
    private const string Known = "ann@example.test";
    private const string Unknown = "bob@example.test";
    private const string Disabled = "dee@example.test";
    private const string Wrong = "the wrong password, surely";
    private GovernanceServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GovernanceServer.StartAsync();
        var tenant = await _server.AddTenantAsync();
        await tenant.AddPersonAsync(_server.Services, Known, "a long enough password");
        var disabled = await tenant.AddPersonAsync(_server.Services, Disabled, "a long enough password");
        await using var db = _server.Get<Governance.Infrastructure.Data.GovernanceDatabase>().ForOrganization(tenant.Id);
        db.Attach(disabled).Entity.DisabledAt = TimeProvider.System.GetUtcNow();
        await db.SaveChangesAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/account/sign-in", Wrong)]
    [InlineData("/account/forgot-password", null)]
    public async Task Answer_KnownUnknownAndDisabledAddress_IsTheSameByteForByte(string path, string? password)
    {
        var known = await AnswerAsync(path, Known, password);

        Assert.Contains(password is null ? "role=\"status\"" : "do not match", known, StringComparison.Ordinal);
        Assert.Equal(known, await AnswerAsync(path, Unknown, password));
        Assert.Equal(known, await AnswerAsync(path, Disabled, password));
    }

    /// <summary>Status, headers and body, without what is random in every answer, and with the typed address made neutral.</summary>
    private async Task<string> AnswerAsync(string path, string email, string? password)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_server.Url) };
        var form = await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(path, Cancellation), Cancellation);
        var fields = form.QuerySelector("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        fields["Input.Email"] = email;
        if (password is not null) fields["Input.Password"] = password;
        using var response = await client.PostAsync(path, new FormUrlEncodedContent(fields), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not "Date")
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var answer = string.Join('\n', headers) + "\n\n" + await response.Content.ReadAsStringAsync(Cancellation);
        return Nonce().Replace(Encrypted().Replace(answer, match => $"({match.Length} encrypted characters)"), "nonce").Replace(email, "address", StringComparison.Ordinal);
    }

    /// <summary>What Data Protection encrypted: the forms' tokens and the state of a page. Its length has to be the same.</summary>
    [GeneratedRegex("CfDJ8[A-Za-z0-9+/_=-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Encrypted();

    [GeneratedRegex("""(?<=nonce[-=]"?)[0-9a-f]{32}""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Nonce();
}
