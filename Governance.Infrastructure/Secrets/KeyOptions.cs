namespace Governance.Infrastructure.Secrets;

/// <summary>Where the master key comes from.</summary>
public sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>
    /// The master key as Base64 of 32 bytes, usually from the environment variable <c>Keys__Master</c>. Without it the file
    /// <c>keys/master.key</c> in the data directory is used, and made at the first start.
    /// </summary>
    public string? Master { get; set; }
}
