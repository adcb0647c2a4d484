using Governance.Domain;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

public sealed class PasswordHashingTests : IDisposable
{
    private static readonly Person Ann = new() { DisplayName = "Ann", PasswordHash = "hash of right" };

    private readonly HeldHasher _hasher = new();
    private readonly FakeTime _clock = new();
    private readonly PasswordsOptions _options = new() { Concurrency = 2, QueueLength = 3, QueueTimeout = TimeSpan.FromSeconds(10) };
    private readonly PasswordHashing _hashing;

    public PasswordHashingTests() => _hashing = new PasswordHashing(_hasher, Options.Create(_options), _clock, NullLogger<PasswordHashing>.Instance);

    public void Dispose()
    {
        _hashing.Dispose();
        _hasher.Dispose();
    }

    [Fact]
    public async Task VerifyAsync_Anybody_CostsOneHash()
    {
        _hasher.Release();
        Assert.Equal(PasswordVerificationResult.Success, (await _hashing.VerifyAsync(Ann, "right", default)).Required());
        Assert.Equal(PasswordVerificationResult.Failed, (await _hashing.VerifyAsync(Ann, "wrong", default)).Required());
        Assert.Equal(PasswordVerificationResult.Failed, (await _hashing.VerifyAsync(null, "right", default)).Required());
        Assert.Equal(PasswordVerificationResult.Failed, (await _hashing.VerifyAsync(new Person { DisplayName = "No password" }, "right", default)).Required());
        Assert.Equal(4, _hasher.Calls);
        Assert.Equal("hash of new", (await _hashing.HashAsync(Ann, "new", default)).Required());
    }

    [Fact]
    public async Task VerifyAsync_ManyAtOnce_RunAFewAtATimeAndAllEnd()
    {
        _options.QueueLength = 64;
        var all = Enumerable.Range(0, 64).Select(_ => _hashing.VerifyAsync(Ann, "right", default)).ToList();
        await Eventually.TrueAsync(() => _hasher.Running == 2, "as many hash as may");
        _hasher.Release();

        Assert.All(await Task.WhenAll(all), result => Assert.Equal(PasswordVerificationResult.Success, result.Required()));
        Assert.Equal((2, 64), (_hasher.MostAtOnce, _hasher.Calls));
    }

    [Fact]
    public async Task VerifyAsync_QueueIsFull_IsRefusedAtOnce()
    {
        var waiting = Enumerable.Range(0, 5).Select(_ => _hashing.VerifyAsync(Ann, "right", default)).ToList();

        var refused = await _hashing.VerifyAsync(Ann, "right", default);

        Assert.Equal((RefusalKind.Busy, "Sign-in is busy; try again in a moment."), (refused.Refusal!.Kind, refused.Refusal.Message));
        _hasher.Release();
        Assert.All(await Task.WhenAll(waiting), result => Assert.True(result.Succeeded));
        Assert.True((await _hashing.VerifyAsync(Ann, "right", default)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_WaitIsTooLong_IsRefusedAndItsPlaceInTheQueueIsFree()
    {
        var running = Enumerable.Range(0, 2).Select(_ => _hashing.VerifyAsync(Ann, "right", default)).ToList();
        var waiting = Enumerable.Range(0, 3).Select(_ => _hashing.VerifyAsync(Ann, "right", default)).ToList();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(RefusalKind.Busy, result.Refusal?.Kind));

        var next = _hashing.VerifyAsync(Ann, "right", default);
        _hasher.Release();
        Assert.True((await next).Succeeded);
        Assert.All(await Task.WhenAll(running), result => Assert.True(result.Succeeded));
        Assert.Equal(3, _hasher.Calls);
    }

    [Fact]
    public async Task VerifyAsync_CallerLeavesTheQueue_IsNeverHashed()
    {
        var running = Enumerable.Range(0, 2).Select(_ => _hashing.VerifyAsync(Ann, "right", default)).ToList();
        using var gone = new CancellationTokenSource();
        var waiting = _hashing.VerifyAsync(Ann, "right", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _hasher.Release();
        await Task.WhenAll(running);
        Assert.Equal(2, _hasher.Calls);
    }
}
