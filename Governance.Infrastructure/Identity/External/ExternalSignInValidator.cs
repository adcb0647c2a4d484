using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.External;

/// <summary>Reports everything that is wrong with the providers at once, by the key to change.</summary>
internal sealed partial class ExternalSignInValidator : IValidateOptions<ExternalSignInOptions>
{
    public ValidateOptionsResult Validate(string? name, ExternalSignInOptions options)
    {
        var failures = options.Providers.SelectMany(entry => Failures(entry.Key, entry.Value)).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(string id, ExternalProvider provider)
    {
        var key = $"{ExternalSignInOptions.Section}:Providers:{id}";
        if (!Id().IsMatch(id)) yield return $"{key}: the id must be of a-z, 0-9 and '-', at most 30 characters.";
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(provider, new ValidationContext(provider), results, validateAllProperties: true);
        foreach (var result in results) yield return $"{key}:{result.MemberNames.First()}: {result.ErrorMessage}";
        foreach (var (member, url) in new[]
        {
            (nameof(provider.AuthorizationEndpoint), provider.AuthorizationEndpoint),
            (nameof(provider.TokenEndpoint), provider.TokenEndpoint),
            (nameof(provider.UserInfoEndpoint), provider.UserInfoEndpoint),
        })
        {
            if (url.Length > 0 && !IsSafe(url)) yield return $"{key}:{member} must be an https URL (http only to this machine).";
        }
    }

    private static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    [GeneratedRegex("^[a-z0-9-]{1,30}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Id();
}
