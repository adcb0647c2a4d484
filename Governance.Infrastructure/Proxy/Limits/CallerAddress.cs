using System.Net;
using System.Net.Sockets;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>What of a network address is counted: all of an IPv4 address, the first 64 bits of an IPv6 one.</summary>
internal static class CallerAddress
{
    private const int PrefixBytes = 8;

    public static byte[] Counted(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? bytes[..PrefixBytes] : bytes;
    }

    public static string Name(byte[] counted)
    {
        if (counted.Length != PrefixBytes) return new IPAddress(counted).ToString();
        Span<byte> whole = stackalloc byte[16];
        whole.Clear();
        counted.CopyTo(whole);
        return $"{new IPAddress(whole)}/{PrefixBytes * 8}";
    }

    /// <summary>Reads an address, or what <see cref="Name"/> wrote.</summary>
    public static byte[]? Parse(string text)
    {
        var plain = text.EndsWith("/64", StringComparison.Ordinal) ? text[..^3] : text;
        return IPAddress.TryParse(plain, out var address) && (plain.Length == text.Length || address.AddressFamily == AddressFamily.InterNetworkV6) ? Counted(address) : null;
    }
}
