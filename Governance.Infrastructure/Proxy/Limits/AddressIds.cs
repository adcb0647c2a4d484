using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Makes ids of network addresses, which are kept nowhere in clear: a keyed hash to count by, and a wrapped copy where a limit names one.</summary>
public sealed class AddressIds(MasterKey masterKey)
{
    public Guid IdOf(Guid organizationId, ReadOnlySpan<byte> counted) => new(masterKey.Mac($"governance.limit-address/{organizationId:n}", counted).AsSpan(0, 16));

    internal byte[] Wrap(Guid organizationId, byte[] counted) => masterKey.Wrap(Purpose(organizationId), counted);

    internal byte[] Unwrap(Guid organizationId, byte[] wrapped) => masterKey.Unwrap(Purpose(organizationId), wrapped);

    private static string Purpose(Guid organizationId) => $"governance.limit-address-name/{organizationId:n}";
}
