using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

internal sealed class ProviderOptionsValidator : IValidateOptions<ProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        var errors = new List<string>();
        var (baseUrl, apiKey) = (options.OpenAI.BaseUrl, options.OpenAI.ApiKey);
        if (!string.IsNullOrWhiteSpace(baseUrl)
            && !(Uri.TryCreate(baseUrl, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)))
            errors.Add("Providers:OpenAI:BaseUrl must be an absolute http or https URL, such as https://api.openai.com/v1.");
        if (string.IsNullOrWhiteSpace(baseUrl) != string.IsNullOrWhiteSpace(apiKey))
            errors.Add("Providers:OpenAI:BaseUrl and Providers:OpenAI:ApiKey must be set together.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
