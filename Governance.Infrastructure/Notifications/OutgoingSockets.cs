using System.Net;
using System.Net.Sockets;

namespace Governance.Infrastructure.Notifications;

/// <summary>Connects to addresses that people configure, but to no link-local one, where machines of clouds hand out their credentials.</summary>
internal static class OutgoingSockets
{
    /// <summary>Whether an address is of the link itself: RFC 3927 and RFC 4291, 2.5.6.</summary>
    public static bool IsLinkLocal(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
    }

    /// <summary>Connects to what was looked at, so that a name cannot mean another address a moment later.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = (await Dns.GetHostAddressesAsync(host, cancellation)).Where(address => !IsLinkLocal(address)).ToArray();
        if (addresses.Length == 0) throw new HttpRequestException($"{host} is a link-local address, to which nothing is sent.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
