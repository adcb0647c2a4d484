namespace Governance.Infrastructure.Identity.Keys;

/// <summary>A virtual key as lists and pages show it.</summary>
public sealed record VirtualKeyRow : CredentialRow
{
    internal VirtualKeyRow(VirtualKey key, IEnumerable<KeySecret> secrets, KeyOwner? owner, CredentialReading reading)
        : base(key, secrets, owner, reading) =>
        (ApplicationId, Environment, DataClass, AllowedModels) = (key.ApplicationId, key.Environment, key.DataClass, key.AllowedModels);

    public Guid ApplicationId { get; }

    public required string ApplicationName { get; init; }

    public required Guid TeamId { get; init; }

    public required string TeamName { get; init; }

    public string Environment { get; }

    public string DataClass { get; }

    /// <summary>The models it may call; empty for all.</summary>
    public IReadOnlyList<string> AllowedModels { get; }

    public DateTimeOffset? LastUsedAt { get; init; }
}
