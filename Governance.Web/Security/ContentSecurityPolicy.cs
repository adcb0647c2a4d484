using System.Security.Cryptography;

namespace Governance.Web.Security;

/// <summary>What a page may load and run: what this site serves, and only scripts that carry the page's nonce.</summary>
internal static class ContentSecurityPolicy
{
    /// <summary>For everything that is not a page.</summary>
    public const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    private static readonly object Key = new();

    /// <summary>The number, used once, that tells the page's own scripts from injected ones.</summary>
    public static string CspNonce(this HttpContext http)
    {
        if (http.Items[Key] is string known) return known;
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        http.Items[Key] = nonce;
        return nonce;
    }

    /// <param name="nonce">The page's number.</param>
    /// <param name="formActions">Origins beside this one to which a form may lead.</param>
    public static string ForPage(string nonce, IEnumerable<string> formActions) => string.Join("; ",
        "default-src 'none'",
        $"script-src 'nonce-{nonce}'",
        "style-src 'self'",
        // The circuit sets attributes by setAttribute: the charts place themselves and their tooltips by style attributes.
        // A style attribute runs no code and, without style elements, selects nothing else on the page.
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        // 'self' covers the circuit's WebSocket, which has the same host.
        "connect-src 'self'",
        string.Join(' ', formActions.Prepend("form-action 'self'")),
        "base-uri 'self'",
        "frame-ancestors 'none'");
}
