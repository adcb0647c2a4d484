using System.Runtime.InteropServices;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>The operating system's libsodium, which the distribution patches: Argon2id, as one PHC string with its salt and cost.</summary>
internal static partial class Sodium
{
    /// <summary>The length of the buffer that holds a PHC string and its terminating zero.</summary>
    public const int HashLength = 128;

    /// <summary>Argon2id, version 1.3.</summary>
    public const int Argon2Id = 2;

    private const string Library = "sodium";

    private static readonly Lazy<bool> Started = new(Load);

    /// <summary>To be called before anything else; again does no harm.</summary>
    /// <exception cref="DllNotFoundException">libsodium is not installed.</exception>
    public static void Start()
    {
        if (!Started.Value) throw new InvalidOperationException("libsodium could not be started.");
    }

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_alg")]
    public static partial int Hash([Out] byte[] hash, byte[] password, ulong passwordLength, ulong passes, nuint memoryBytes, int algorithm);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    public static partial int Verify(byte[] hash, byte[] password, ulong passwordLength);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_needs_rehash")]
    public static partial int NeedsRehash(byte[] hash, ulong passes, nuint memoryBytes);

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Init();

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(Sodium).Assembly,
            (name, assembly, path) => name == Library ? NativeLibrary.Load(SystemLibrary(), assembly, path) : IntPtr.Zero);
        return Init() >= 0;
    }

    private static string SystemLibrary() =>
        OperatingSystem.IsWindows() ? "libsodium.dll"
        : OperatingSystem.IsMacOS() ? "libsodium.23.dylib"
        : "libsodium.so.23";
}
