using System.Security.Cryptography;
using Governance.Infrastructure.Data;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Secrets;

/// <summary>Reads the master key from the configuration or from its file, which only its owner may read.</summary>
public static class MasterKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="OptionsValidationException">The key is malformed, or the file may be read by others.</exception>
    public static MasterKey Load(KeyOptions options, DataDirectoryOptions data)
    {
        if (!string.IsNullOrWhiteSpace(options.Master)) return Parse(options.Master, "Keys:Master");

        var path = data.PathOf("keys", "master.key");
        if (!File.Exists(path)) Create(path);
        else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            throw Invalid($"{path} may be read by others. Run: chmod 600 {path}");
        return Parse(File.ReadAllText(path), path);
    }

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)));
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    private static MasterKey Parse(string text, string where)
    {
        var key = new byte[MasterKey.Length];
        return Convert.TryFromBase64String(text.Trim(), key, out var written) && written == MasterKey.Length
            ? new MasterKey(key)
            : throw Invalid($"{where} must hold {MasterKey.Length} random bytes in Base64, as 'openssl rand -base64 32' prints them.");
    }

    private static OptionsValidationException Invalid(string message) => new(KeyOptions.Section, typeof(KeyOptions), [message]);
}
