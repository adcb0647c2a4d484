using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

internal sealed class ProviderOptionsValidator : IValidateOptions<ProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        var errors = options.Sections().SelectMany(section => Check($"{ProviderOptions.Section}:{section.Section}", section.Kind, section.Options, section.Example)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(string key, string kind, OperatorConnectionOptions connection, string example)
    {
        if (!string.IsNullOrWhiteSpace(connection.BaseUrl)
            && !(Uri.TryCreate(connection.BaseUrl, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
                && uri is { Query: "", Fragment: "", UserInfo: "" }))
            yield return $"{key}:BaseUrl must be an absolute http or https URL without query, fragment and user name, such as {example}.";
        if (string.IsNullOrWhiteSpace(connection.BaseUrl) != string.IsNullOrWhiteSpace(connection.ApiKey))
            yield return $"{key}:BaseUrl and {key}:ApiKey must be set together.";
        if (string.IsNullOrWhiteSpace(connection.AccessKeyId)) yield break;
        if (kind != ProviderConnections.Bedrock) yield return $"{key}:AccessKeyId must not be set: only {ProviderOptions.Section}:{nameof(ProviderOptions.Bedrock)} takes keys that sign.";
        else if (string.IsNullOrWhiteSpace(connection.ApiKey)) yield return $"{key}:AccessKeyId needs its secret as {key}:ApiKey.";
    }
}
