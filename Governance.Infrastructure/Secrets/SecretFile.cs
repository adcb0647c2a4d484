using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Secrets;

/// <summary>A file with random bytes in Base64 that only its owner may read.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="OptionsValidationException">What is there is malformed, or may be read by others.</exception>
    public static byte[] ReadOrCreate(string path, int length)
    {
        if (!File.Exists(path)) return Create(path, length);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            throw Invalid($"{path} may be read by others. Run: chmod 600 {path}");
        return Parse(File.ReadAllText(path), length, path);
    }

    /// <summary>Makes a new one.</summary>
    /// <exception cref="IOException">There is one already.</exception>
    public static byte[] Create(string path, int length)
    {
        var secret = RandomNumberGenerator.GetBytes(length);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.WriteLine(Convert.ToBase64String(secret));
        writer.Flush();
        file.Flush(flushToDisk: true);
        return secret;
    }

    /// <exception cref="OptionsValidationException">It is not so many bytes in Base64.</exception>
    public static byte[] Parse(string text, int length, string where)
    {
        var secret = new byte[length];
        return Convert.TryFromBase64String(text.Trim(), secret, out var written) && written == length
            ? secret
            : throw Invalid($"{where} must hold {length} random bytes in Base64, as 'openssl rand -base64 {length}' prints them.");
    }

    private static OptionsValidationException Invalid(string message) => new(KeyOptions.Section, typeof(KeyOptions), [message]);
}
