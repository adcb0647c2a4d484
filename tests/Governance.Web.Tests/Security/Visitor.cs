using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Governance.Web.Tests.Security;

/// <summary>A browser without scripts: keeps cookies, fills in forms, follows nothing.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        SslOptions = { CertificateChainPolicy = SecureServer.Trust },
    };

    public Visitor(string url) => Client = new HttpClient(_handler) { BaseAddress = new Uri(url) };

    public HttpClient Client { get; }

    public CookieContainer Cookies => _handler.CookieContainer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the sign-in page and sends its form, with further headers if any are given.</summary>
    public async Task<Answer> SignInAsync(string email, string password, params (string Name, string Value)[] headers)
    {
        using var page = await SendAsync(HttpMethod.Get, null, headers);
        var form = await ParseAsync(page);
        var fields = form.QuerySelector("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        fields["Input.Email"] = email;
        fields["Input.Password"] = password;
        using var answer = await SendAsync(HttpMethod.Post, new FormUrlEncodedContent(fields), headers);
        return new Answer(answer.StatusCode, [.. SetCookies(page), .. SetCookies(answer)], answer.Headers.RetryAfter?.Delta, await ParseAsync(answer));
    }

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/account/sign-in") { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, Cancellation);
    }

    private static IEnumerable<string> SetCookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [];

    private static async Task<IDocument> ParseAsync(HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancellation), Cancellation);
}

/// <summary>What came of a form.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyList<string> SetCookies, TimeSpan? RetryAfter, IDocument Page)
{
    public string Alert => Page.QuerySelector("[role=alert]:not(#blazor-error-ui)")?.TextContent ?? "";
}
