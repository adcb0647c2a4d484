using Governance.Domain.Proxy;
using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

/// <summary>Where a provider's calls go.</summary>
/// <param name="Name">How the connection is called on pages and in the ledger.</param>
/// <param name="Kind">Whose wire format it speaks.</param>
/// <param name="BaseUrl">The base, without a trailing slash.</param>
/// <param name="Credential">The provider's key; never logged.</param>
/// <param name="Region">Set for a regional endpoint, whose prices carry an uplift.</param>
public sealed record ProviderConnection(string Name, Provider Kind, string BaseUrl, ProviderCredential Credential, string? Region = null)
{
    /// <summary>Whose prices apply, and whom the ledger names. A compatible server is nobody's but its own.</summary>
    public string Provider => Kind == Providers.Compatible ? Name : Kind.Id;

    /// <summary>What the provider's names for deployments and profiles stand for.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    public override string ToString() => $"{Name} ({Kind.Id})";
}

/// <summary>How a connection proves who it is: with a key, or by signing with one (AWS Signature Version 4).</summary>
/// <param name="Secret">The key.</param>
/// <param name="AccessKeyId">The id of a key that signs; none for one that is sent.</param>
public sealed record ProviderCredential(string Secret, string? AccessKeyId = null)
{
    public override string ToString() => AccessKeyId ?? "(secret)";
}

/// <summary>The configured connections.</summary>
public sealed class ProviderConnections(IOptions<ProviderOptions> options, OwnAddress own)
{
    public const string SandboxName = "sandbox";

    /// <summary>The connection to call: the default one of a kind, or the one of a name.</summary>
    /// <param name="organizationId">Whose connections.</param>
    /// <param name="kind">The kind under whose base the caller called; none if it called a connection by name.</param>
    /// <param name="name">The segment behind <c>/proxy/</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public ValueTask<ProviderConnection?> FindAsync(Guid organizationId, Provider? kind, string name, CancellationToken cancellation)
    {
        var (baseUrl, apiKey) = (options.Value.OpenAI.BaseUrl, options.Value.OpenAI.ApiKey);
        if (kind == Providers.OpenAi && !string.IsNullOrWhiteSpace(baseUrl) && !string.IsNullOrWhiteSpace(apiKey))
            return ValueTask.FromResult<ProviderConnection?>(new ProviderConnection(kind.Id, kind, baseUrl.TrimEnd('/'), new ProviderCredential(apiKey)));

        return ValueTask.FromResult(options.Value.Sandbox.Enabled && kind is not null
            ? new ProviderConnection(SandboxName, kind, $"{own.Current()}/sandbox/{kind.Base}{kind.VersionPrefix}", new ProviderCredential("sandbox"))
            : null);
    }
}
