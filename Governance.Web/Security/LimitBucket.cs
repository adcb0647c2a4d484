using System.Net;

namespace Governance.Web.Security;

/// <summary>
/// Sorts addresses and callers into a fixed number of counters, so that no flood of made-up names costs more than so much memory.
/// Which of them share a counter is unknown outside: the hash of a string is keyed anew in every process.
/// </summary>
internal static class LimitBucket
{
    private const int Count = 1 << 16;

    public static int Of(string caller) => (int)((uint)caller.GetHashCode(StringComparison.Ordinal) % Count);

    /// <summary>An IPv6 subscriber has a whole /64 network to call from, so that counts as one address.</summary>
    public static int Of(IPAddress? address)
    {
        if (address is null) return Of("");
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Of(Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8))));
    }
}
