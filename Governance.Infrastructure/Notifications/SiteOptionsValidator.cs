using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

internal sealed class SiteOptionsValidator : IValidateOptions<SiteOptions>
{
    public ValidateOptionsResult Validate(string? name, SiteOptions options) =>
        string.IsNullOrWhiteSpace(options.Url) || IsOrigin(options.Url)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Site:Url must be an absolute http or https URL without a path, such as https://governance.example.org.");

    private static bool IsOrigin(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
