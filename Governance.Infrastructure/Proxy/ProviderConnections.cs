using Governance.Domain.Proxy;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Proxy.Connections;
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

    /// <summary>Its own bounds, where it has some.</summary>
    public ConnectionLimits Limits { get; init; } = ConnectionLimits.None;

    /// <summary>Whether calls may go through it.</summary>
    public bool Approved { get; init; } = true;

    public override string ToString() => $"{Name} ({Kind.Id})";
}

/// <summary>Bounds of a connection's own, in place of the proxy's.</summary>
/// <param name="Connect">How long connecting may take.</param>
/// <param name="Activity">How long the provider may stay silent.</param>
/// <param name="Attempts">Attempts within a call, the first included.</param>
public sealed record ConnectionLimits(TimeSpan? Connect, TimeSpan? Activity, int? Attempts)
{
    public static ConnectionLimits None { get; } = new(null, null, null);
}

/// <summary>How a connection proves who it is: with a key, or by signing with one (AWS Signature Version 4).</summary>
/// <param name="Secret">The key.</param>
/// <param name="AccessKeyId">The id of a key that signs; none for one that is sent.</param>
public sealed record ProviderCredential(string Secret, string? AccessKeyId = null)
{
    public override string ToString() => AccessKeyId ?? "(secret)";
}

/// <summary>The connections that calls go through: the organisation's own, the operator's, and where neither is, the sandbox.</summary>
public sealed class ProviderConnections(IOptions<ProviderOptions> options, OwnAddress own, ConnectionDirectory directory)
{
    public const string SandboxName = "sandbox";

    /// <summary>The id of the one kind that takes keys that sign.</summary>
    public const string Bedrock = "bedrock";

    private readonly Dictionary<string, ProviderConnection> _operators = options.Value.Configured()
        .Select(configured => Providers.Find(configured.Kind) is { } kind
            ? new ProviderConnection(kind.Id, kind, configured.Options.BaseUrl!.TrimEnd('/'), configured.Options.Credential, configured.Options.RegionOrNone)
            : null)
        .OfType<ProviderConnection>().ToDictionary(connection => connection.Kind.Id, StringComparer.Ordinal);

    /// <summary>Where the sandbox answers; none if it is off.</summary>
    public string? SandboxUrl => options.Value.Sandbox.Enabled ? $"{own.Current()}/sandbox" : null;

    /// <summary>The connection to call: the default one of a kind, or the one of a name.</summary>
    /// <param name="organizationId">Whose connections.</param>
    /// <param name="kind">The kind under whose base the caller called; none if it called a connection by name.</param>
    /// <param name="name">The segment behind <c>/proxy/</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<ProviderConnection?> FindAsync(Guid organizationId, Provider? kind, string name, CancellationToken cancellation)
    {
        var connections = await directory.GetAsync(organizationId, cancellation);
        if (kind is null) return connections.Named(name);
        return connections.DefaultOf(kind.Id)
            ?? _operators.GetValueOrDefault(kind.Id)
            ?? SandboxFor(kind);
    }

    /// <summary>The connection of a name for calls in the format of a kind: the organisation's, the operator's or the sandbox.</summary>
    public async ValueTask<ProviderConnection?> NamedAsync(Guid organizationId, Provider kind, string name, CancellationToken cancellation) =>
        (await directory.GetAsync(organizationId, cancellation)).Named(name)
        ?? _operators.GetValueOrDefault(name)
        ?? (name == SandboxName ? SandboxFor(kind) : null);

    /// <summary>Every connection that has a name of its own: the organisation's and the operator's.</summary>
    public async ValueTask<IReadOnlyList<ProviderConnection>> AllAsync(Guid organizationId, CancellationToken cancellation) =>
        [.. (await directory.GetAsync(organizationId, cancellation)).All(), .. OfOperator()];

    /// <summary>Whether there is a connection of a name.</summary>
    internal async ValueTask<bool> ExistsAsync(Guid organizationId, string name, CancellationToken cancellation) =>
        (name == SandboxName && SandboxUrl is not null) || (await AllAsync(organizationId, cancellation)).Any(connection => connection.Name == name);

    private ProviderConnection? SandboxFor(Provider kind) =>
        SandboxUrl is { } sandbox ? new ProviderConnection(SandboxName, kind, $"{sandbox}/{kind.Base}{kind.VersionPrefix}", new ProviderCredential(SandboxName)) : null;

    /// <summary>Those of the configuration, in the order of the kinds.</summary>
    internal IEnumerable<ProviderConnection> OfOperator() => Providers.All.Select(kind => _operators.GetValueOrDefault(kind.Id)).OfType<ProviderConnection>();
}
