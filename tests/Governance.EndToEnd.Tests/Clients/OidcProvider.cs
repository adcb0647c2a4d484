using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Governance.EndToEnd.Tests.Product;

namespace Governance.EndToEnd.Tests.Clients;

/// <summary>The npm package oidc-provider, as an identity provider of the product.</summary>
public sealed class OidcProvider : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new();

    private OidcProvider(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <summary>A free port is taken first, because both sides must know the other's address before they start.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<OidcProvider> StartAsync(int port, string productUrl)
    {
        var script = Path.Combine(ProductUnderTest.Metadata("Clients"), "oidc-provider.mjs");
        var start = new ProcessStartInfo("node", [script, port.ToString(CultureInfo.InvariantCulture), productUrl + "/account/external/test/callback"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") return new OidcProvider(process, $"http://127.0.0.1:{port}");
        }

        throw new InvalidOperationException($"oidc-provider ended with {process.ExitCode}.");
    }

    /// <summary>The product's configuration for a provider that will run on a port.</summary>
    public static Dictionary<string, string?> Settings(int port) => new()
    {
        ["ExternalSignIn:Providers:test:DisplayName"] = "Test directory",
        ["ExternalSignIn:Providers:test:AuthorizationEndpoint"] = $"http://127.0.0.1:{port}/auth",
        ["ExternalSignIn:Providers:test:TokenEndpoint"] = $"http://127.0.0.1:{port}/token",
        ["ExternalSignIn:Providers:test:UserInfoEndpoint"] = $"http://127.0.0.1:{port}/me",
        ["ExternalSignIn:Providers:test:ClientId"] = "governance",
        ["ExternalSignIn:Providers:test:ClientSecret"] = "a secret that only the tests know",
        ["ExternalSignIn:Providers:test:GroupRoles:finance"] = Domain.Identity.Roles.CostAdmin,
    };

    public async Task SetGroupsAsync(string login, params string[] groups) =>
        (await _client.PostAsJsonAsync(Url + "/test/groups", new Dictionary<string, string[]> { [login] = groups })).EnsureSuccessStatusCode();

    public ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
