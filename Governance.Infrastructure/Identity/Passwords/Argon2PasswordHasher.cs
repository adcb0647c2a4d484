using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Identity.Passwords;
using Governance.Infrastructure.Secrets;
using Microsoft.AspNetCore.Identity;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>
/// Argon2id with 19 MiB and two passes (OWASP Password Storage Cheat Sheet). Hashes of the framework's PBKDF2 still verify and ask to be
/// replaced. Each call takes 19 MiB and tens of milliseconds of a processor: outside this folder, ask <see cref="PasswordHashing"/>.
/// </summary>
public sealed class Argon2PasswordHasher : IPasswordHasher<Person>
{
    private const ulong Passes = 2;
    private const int MemoryBytes = 19_456 * 1024;
    private const string Prefix = "$argon2id$";

    private static readonly PasswordHasher<Person> Pbkdf2 = new();

    public Argon2PasswordHasher() => Sodium.Start();

    /// <exception cref="ArgumentException">The password is longer than <see cref="PasswordText.MaxLength"/> or not text.</exception>
    public string HashPassword(Person user, string password)
    {
        var text = Encode(password) ?? throw new ArgumentException("This is not a password that can be hashed; the rules refuse it.", nameof(password));
        var hash = new byte[Sodium.HashLength];
        var failed = Sodium.Hash(hash, text, (ulong)text.Length, Passes, MemoryBytes, Sodium.Argon2Id) != 0;
        CryptographicOperations.ZeroMemory(text);
        if (failed) throw new InvalidOperationException($"libsodium could not get {MemoryBytes >> 20} MiB to hash a password.");
        return Encoding.ASCII.GetString(hash).TrimEnd('\0');
    }

    public PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword)
    {
        if (Encode(providedPassword) is not { } text) return PasswordVerificationResult.Failed;
        var result = hashedPassword.StartsWith(Prefix, StringComparison.Ordinal) && hashedPassword.Length < Sodium.HashLength
            ? VerifyArgon2(hashedPassword, text)
            : VerifyPbkdf2(user, hashedPassword, providedPassword);
        CryptographicOperations.ZeroMemory(text);
        return result;
    }

    private static PasswordVerificationResult VerifyArgon2(string hashedPassword, byte[] text)
    {
        var hash = new byte[Sodium.HashLength];
        Encoding.ASCII.GetBytes(hashedPassword, hash);
        if (Sodium.Verify(hash, text, (ulong)text.Length) != 0) return PasswordVerificationResult.Failed;
        return Sodium.NeedsRehash(hash, Passes, MemoryBytes) == 0
            ? PasswordVerificationResult.Success
            : PasswordVerificationResult.SuccessRehashNeeded;
    }

    private static PasswordVerificationResult VerifyPbkdf2(Person user, string hashedPassword, string providedPassword)
    {
        try
        {
            return Pbkdf2.VerifyHashedPassword(user, hashedPassword, providedPassword) == PasswordVerificationResult.Failed
                ? PasswordVerificationResult.Failed
                : PasswordVerificationResult.SuccessRehashNeeded;
        }
        catch (FormatException)
        {
            return PasswordVerificationResult.Failed; // Not a hash of any kind known here.
        }
    }

    private static byte[]? Encode(string password) => PasswordText.Normalize(password) is { } text ? Encoding.UTF8.GetBytes(text) : null;
}
