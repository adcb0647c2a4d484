using Governance.Domain;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

public sealed class PasswordSignInTests : ProductTest
{
    private const string Email = "ann@example.org";
    private const string Password = "correct horse battery";
    private const string Wrong = "another horse battery";

    private readonly CountingHasher _hasher = new();
    private Person _ann = null!;

    [Fact]
    public async Task CheckAsync_WhoeverAsks_CostsOneHashAndGetsOneAnswer()
    {
        await BeginAsync();
        var before = _hasher.Verified;
        Assert.Equal(_ann.Id, (await CheckAsync(Email, Password)).Required().Id);
        var wrong = await CheckAsync(Email, Wrong);
        var unknown = await CheckAsync("nobody@example.org", Password);
        for (var i = 0; i < 4; i++) await CheckAsync(Email, Wrong);
        var locked = await CheckAsync(Email, Password);
        var lockedAndWrong = await CheckAsync(Email, Wrong);

        Assert.Equal(9, _hasher.Verified - before);
        Assert.Equal(RefusalKind.Forbidden, wrong.Refusal?.Kind);
        Assert.All((Result<Person>[])[unknown, locked, lockedAndWrong], other => Assert.Equal(wrong.Refusal, other.Refusal));
        Assert.Equal(["locked_out", "locked_out", "unknown_address", .. Enumerable.Repeat("wrong_password", 5)], await FailuresAsync());
    }

    [Fact]
    public async Task CheckAsync_OldHash_IsReplacedOnce()
    {
        await BeginAsync();
        var old = new PasswordHasher<Person>().HashPassword(_ann, Password);
        await SetHashAsync(old);
        Assert.False((await CheckAsync(Email, Wrong)).Succeeded);
        Assert.Equal(old, Assert.Single(await RowsAsync<Person>()).PasswordHash);

        (await CheckAsync(Email, Password)).Required();
        var replaced = Assert.Single(await RowsAsync<Person>()).PasswordHash;
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", replaced, StringComparison.Ordinal);
        (await CheckAsync(Email, Password)).Required();
        Assert.Equal(replaced, Assert.Single(await RowsAsync<Person>()).PasswordHash);
    }

    [Fact]
    public async Task CheckAsync_NoPasswordAtAll_IsRefusedLikeAWrongOne()
    {
        await BeginAsync();
        await SetHashAsync(null);
        Assert.Equal(PasswordSignIn.Refused, (await CheckAsync(Email, Password)).Refusal);
    }

    [Fact]
    public async Task CheckAsync_ManyGuessesAtOnce_CountUpToTheLockAndNoFurther()
    {
        await BeginAsync();
        for (var round = 1; round <= TestScale.Cases(3, 20); round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => CheckAsync(Email, Wrong))));
            Assert.Equal(5, Assert.Single(await RowsAsync<SignInAttempts>()).ConsecutiveFailures);
            Assert.Equal(PasswordSignIn.Refused, (await CheckAsync(Email, Password)).Refusal);
            (await Get<SignInThrottle>().UnlockAsync(Tenant.Admin, _ann.Id, default)).Required();
        }
    }

    [Fact]
    public async Task CheckAsync_RightPassword_DoesNotEndTheCountByItself()
    {
        await BeginAsync();
        for (var i = 0; i < 4; i++) await CheckAsync(Email, Wrong);
        (await CheckAsync(Email, Password)).Required();
        Assert.Equal(4, Assert.Single(await RowsAsync<SignInAttempts>()).ConsecutiveFailures);
        Assert.True(await Get<SignInThrottle>().RecordSuccessAsync(Tenant.Id, _ann.Id));
        Assert.Equal(0, Assert.Single(await RowsAsync<SignInAttempts>()).ConsecutiveFailures);
    }

    protected override Task<ProductProcess> NewProcessAsync() =>
        new ProductProcess(Database, configure: services => services.AddSingleton<IPasswordHasher<Person>>(_hasher)).StartAsync();

    private async Task BeginAsync() => _ann = await Tenant.AddPersonAsync(Process.Services, Email, Password);

    private async Task<Result<Person>> CheckAsync(string email, string password)
    {
        await using var scope = Process.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PasswordSignIn>().CheckAsync(email, password, new SignInOrigin("192.0.2.1", "Test"), default);
    }

    private Task<int> SetHashAsync(string? hash) =>
        QueryAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, hash)));

    /// <summary>The reasons of the refusals, in the order of the alphabet.</summary>
    private async Task<List<string?>> FailuresAsync()
    {
        var failures = (await EventsAsync()).Where(row => row.Action == "sign_in.failed");
        return [.. failures.Select(row => row.Reason).Order(StringComparer.Ordinal)];
    }

    /// <summary>The real one, counted.</summary>
    private sealed class CountingHasher : IPasswordHasher<Person>
    {
        private readonly Argon2PasswordHasher _inner = new();
        private int _verified;

        public int Verified => Volatile.Read(ref _verified);

        public string HashPassword(Person user, string password) => _inner.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _verified);
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
