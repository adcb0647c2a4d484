using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

internal sealed class SecurityOptionsValidator : IValidateOptions<SecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        // Each lands in a header, where a space or a semicolon would begin another rule.
        var wrong = options.FormActionOrigins.Where(origin => !IsOrigin(origin))
            .Select(origin => $"Security:FormActionOrigins: '{origin}' is not an origin such as https://login.example.org.").ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
