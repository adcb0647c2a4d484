using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Governance.Bench;

/// <summary>A browser without scripts: keeps cookies, opens a page, fills in its first form.</summary>
internal sealed partial class Visitor(string url) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(url) };

    /// <summary>The hidden fields of a page's first form.</summary>
    public async Task<Dictionary<string, string>> OpenAsync(string path, CancellationToken cancellation)
    {
        var page = await _client.GetStringAsync(path, cancellation);
        var form = page[page.IndexOf("<form", StringComparison.Ordinal)..page.IndexOf("</form>", StringComparison.Ordinal)];
        return Hidden().Matches(form).ToDictionary(match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(match.Groups["value"].Value));
    }

    /// <summary>Sends a form and reads the answer to its end.</summary>
    /// <returns>The status, and how long it took.</returns>
    public async Task<(HttpStatusCode Status, TimeSpan Time)> SendAsync(
        string path, Dictionary<string, string> fields, string email, string? password, CancellationToken cancellation)
    {
        var filled = new Dictionary<string, string>(fields) { ["Input.Email"] = email };
        if (password is not null) filled["Input.Password"] = password;
        using var content = new FormUrlEncodedContent(filled);
        var started = Stopwatch.GetTimestamp();
        using var response = await _client.PostAsync(path, content, cancellation);
        await response.Content.ReadAsByteArrayAsync(cancellation);
        return (response.StatusCode, Stopwatch.GetElapsedTime(started));
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" ?/?>""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();
}
