namespace Governance.Infrastructure.Identity.Keys;

/// <summary>A service account as lists and pages show it.</summary>
public sealed record ServiceAccountRow : CredentialRow
{
    internal ServiceAccountRow(ServiceAccount account, IEnumerable<KeySecret> secrets, KeyOwner? owner, CredentialReading reading)
        : base(account, secrets, owner, reading)
    {
    }
}
