using Governance.Infrastructure.Notifications;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Governance.Web.Notifications;

/// <summary>Reads from the server at which address this process reaches itself.</summary>
internal static class ListeningAddress
{
    public static IServiceCollection AddOwnAddress(this IServiceCollection services) =>
        services.AddSingleton(provider => new OwnAddress(
            () => Of(provider.GetRequiredService<IServer>(), provider.GetRequiredService<IConfiguration>())));

    /// <summary>What it listens on, with wildcards turned into loopback; in an operator's command, what it would listen on.</summary>
    private static string Of(IServer server, IConfiguration configuration)
    {
        ICollection<string> addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } bound
            ? bound
            : configuration[WebHostDefaults.ServerUrlsKey]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var address = addresses.FirstOrDefault(address => address.StartsWith("http:", StringComparison.Ordinal)) ?? addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("Nothing says where this process listens. Set Urls, such as http://127.0.0.1:5080.");
        var binding = BindingAddress.Parse(address);
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : binding.Host;
        return $"{binding.Scheme}://{host}:{binding.Port}";
    }
}
