using Governance.Infrastructure.Identity;
using Microsoft.AspNetCore.Identity;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

/// <summary>Takes as long as a test likes, and remembers how many were at it at once.</summary>
internal sealed class HeldHasher : IPasswordHasher<Person>, IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private int _running;
    private int _most;
    private int _calls;

    public int Running => Volatile.Read(ref _running);

    public int MostAtOnce => Volatile.Read(ref _most);

    public int Calls => Volatile.Read(ref _calls);

    public void Release() => _released.Set();

    public void Dispose() => _released.Dispose();

    public string HashPassword(Person user, string password) => Hold($"hash of {password}");

    public PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword) =>
        Hold(hashedPassword == $"hash of {providedPassword}" ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed);

    private T Hold<T>(T result)
    {
        Interlocked.Increment(ref _calls);
        var running = Interlocked.Increment(ref _running);
        for (var most = MostAtOnce; running > most; most = MostAtOnce) Interlocked.CompareExchange(ref _most, running, most);
        _released.Wait(TimeSpan.FromMinutes(1));
        Interlocked.Decrement(ref _running);
        return result;
    }
}
