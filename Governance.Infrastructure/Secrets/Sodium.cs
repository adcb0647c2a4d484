using System.Runtime.InteropServices;

namespace Governance.Infrastructure.Secrets;

/// <summary>The operating system's libsodium, which the distribution patches: Argon2id, as one PHC string with its salt and cost, and Ed25519.</summary>
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

    /// <summary>The key pair of a seed: an Ed25519 public key of 32 bytes, and a secret key of 64.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    public static partial int KeyPair([Out] byte[] publicKey, [Out] byte[] secretKey, byte[] seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    public static partial int Sign([Out] byte[] signature, IntPtr signatureLength, byte[] message, ulong messageLength, byte[] secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    public static partial int VerifySignature(byte[] signature, byte[] message, ulong messageLength, byte[] publicKey);

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
