using Governance.Domain;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>
/// Hashes and verifies passwords, a few at a time: each takes 19 MiB and a processor for tens of milliseconds, and neither memory nor the
/// proxy may suffer when many sign in at once. Others wait, without a thread, in a queue of bounded length and time.
/// </summary>
public sealed class PasswordHashing(
    IPasswordHasher<Person> hasher, IOptions<PasswordsOptions> options, TimeProvider time, ILogger<PasswordHashing> logger) : IDisposable
{
    /// <summary>Costs what a real one costs, and is of no password: its hash is 32 random bytes.</summary>
    private const string Decoy = "$argon2id$v=19$m=19456,t=2,p=1$hCUVMY5L0WhZqHtpPqJQSQ$NO0KbVehFkemchB+rl3yBvS4Fp8OKaUl5aUutFuSAoE";

    private static readonly Refusal Busy = Refusal.Busy("Sign-in is busy; try again in a moment.");

    private readonly SemaphoreSlim _places = new(options.Value.Concurrency);
    private int _waiting;

    /// <summary>Checks a password. It takes the same time for nobody, for somebody without a password and for a wrong password.</summary>
    /// <returns>How it ended, or that the server is busy.</returns>
    public Task<Result<PasswordVerificationResult>> VerifyAsync(Person? person, string password, CancellationToken cancellation) =>
        RunAsync(() =>
        {
            var result = hasher.VerifyHashedPassword(person!, person?.PasswordHash ?? Decoy, password);
            return person?.PasswordHash is null ? PasswordVerificationResult.Failed : result;
        }, cancellation);

    /// <summary>Hashes a password that the policy has let through.</summary>
    /// <returns>The hash, or that the server is busy.</returns>
    public Task<Result<string>> HashAsync(Person person, string password, CancellationToken cancellation) =>
        RunAsync(() => hasher.HashPassword(person, password), cancellation);

    public void Dispose() => _places.Dispose();

    private async Task<Result<T>> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        if (!await EnterAsync(cancellation))
        {
            Log.HashingBusy(logger, options.Value.QueueLength, options.Value.QueueTimeout);
            return Busy;
        }

        try
        {
            // Not cancellable once begun: the place must not be given away while the memory is in use.
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Waits for a place; false if too many wait already, or for too long.</summary>
    private async Task<bool> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_places.Wait(TimeSpan.Zero, CancellationToken.None)) return true;
        if (Interlocked.Increment(ref _waiting) > options.Value.QueueLength)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        using var timeout = new CancellationTokenSource(options.Value.QueueTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await _places.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
