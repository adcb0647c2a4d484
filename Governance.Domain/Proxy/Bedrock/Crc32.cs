namespace Governance.Domain.Proxy.Bedrock;

/// <summary>CRC-32 as Ethernet, gzip and event streams use it (reflected polynomial 0xEDB88320); the base class library has none.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Shifted((uint)value))];

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data) crc = Table[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint Shifted(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    }
}
