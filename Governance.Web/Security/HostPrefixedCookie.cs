namespace Governance.Web.Security;

/// <summary>
/// A cookie whose name begins with <c>__Host-</c> when the request came over HTTPS: browsers then accept it only from this host,
/// with Secure and for all paths, so that neither a sibling domain nor a page over plain HTTP can plant one. Browsers refuse the
/// prefix without HTTPS, where the name goes without. See docs/adr/0010-cookie-names.md.
/// </summary>
internal sealed class HostPrefixedCookie : CookieBuilder
{
    private const string Prefix = "__Host-";
    private readonly IHttpContextAccessor _http;

    public HostPrefixedCookie(CookieBuilder like, IHttpContextAccessor http)
    {
        _http = http;
        Name = like.Name;
        Path = "/";
        HttpOnly = true;
        SameSite = like.SameSite;
        SecurePolicy = CookieSecurePolicy.SameAsRequest;
        Expiration = like.Expiration;
        MaxAge = like.MaxAge;
        IsEssential = like.IsEssential;
    }

    public override string? Name
    {
        get => _http.HttpContext is { Request.IsHttps: true } ? Prefix + base.Name : base.Name;
        set => base.Name = value;
    }
}
