using Governance.Infrastructure.Data;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Secrets;

/// <summary>Reads the master key from the configuration or from its file, which only its owner may read.</summary>
public static class MasterKeyFile
{
    /// <exception cref="OptionsValidationException">The key is malformed, or the file may be read by others.</exception>
    public static MasterKey Load(KeyOptions options, DataDirectoryOptions data) => new(
        string.IsNullOrWhiteSpace(options.Master)
            ? SecretFile.ReadOrCreate(data.PathOf("keys", "master.key"), MasterKey.Length)
            : SecretFile.Parse(options.Master, MasterKey.Length, "Keys:Master"));
}
