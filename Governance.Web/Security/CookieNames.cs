using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

/// <summary>Gives every cookie of sign-in, its steps between, and the forms' token the prefix that HTTPS allows.</summary>
internal sealed class CookieNames(IHttpContextAccessor http) : IPostConfigureOptions<CookieAuthenticationOptions>, IPostConfigureOptions<AntiforgeryOptions>
{
    public void PostConfigure(string? name, CookieAuthenticationOptions options) => options.Cookie = new HostPrefixedCookie(options.Cookie, http);

    public void PostConfigure(string? name, AntiforgeryOptions options) =>
        options.Cookie = new HostPrefixedCookie(options.Cookie, http) { Name = "governance.form" };
}
