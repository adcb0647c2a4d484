using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>Where a provider's calls go.</summary>
/// <param name="Name">How the connection is called on pages and in the ledger.</param>
/// <param name="Provider">Whose wire format it speaks and whose prices apply.</param>
/// <param name="BaseUrl">The base, without a trailing slash.</param>
/// <param name="ApiKey">The provider's key; never logged.</param>
/// <param name="Region">Set for a regional endpoint, whose prices carry an uplift.</param>
public sealed record ProviderConnection(string Name, string Provider, string BaseUrl, string ApiKey, string? Region = null)
{
    public override string ToString() => $"{Name} ({Provider})";
}

/// <summary>The configured connections.</summary>
public sealed class ProviderConnections(IOptions<ProviderOptions> options, OwnAddress own)
{
    public const string OpenAi = "openai";
    public const string SandboxName = "sandbox";

    /// <summary>The connection for a provider: the configured one, or else the sandbox if that is on.</summary>
    public ProviderConnection? Find(string provider)
    {
        var (baseUrl, apiKey) = (options.Value.OpenAI.BaseUrl, options.Value.OpenAI.ApiKey);
        if (provider == OpenAi && !string.IsNullOrWhiteSpace(baseUrl) && !string.IsNullOrWhiteSpace(apiKey))
            return new ProviderConnection(OpenAi, OpenAi, baseUrl.TrimEnd('/'), apiKey);

        return options.Value.Sandbox.Enabled
            ? new ProviderConnection(SandboxName, provider, $"{own.Current()}/sandbox/{provider}/v1", "sandbox")
            : null;
    }
}
