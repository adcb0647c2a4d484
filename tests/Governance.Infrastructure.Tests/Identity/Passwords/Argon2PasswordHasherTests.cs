using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Microsoft.AspNetCore.Identity;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

public sealed class Argon2PasswordHasherTests
{
    private static readonly Person Ann = new() { DisplayName = "Ann" };

    private readonly Argon2PasswordHasher _hasher = new();

    [Fact]
    public void HashPassword_Password_IsAPhcStringWithTheCostThatIsDocumented()
    {
        var hash = _hasher.HashPassword(Ann, "correct horse battery");

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', hash);
        Assert.NotEqual(hash, _hasher.HashPassword(Ann, "correct horse battery"));
        Assert.Equal(PasswordVerificationResult.Success, _hasher.VerifyHashedPassword(Ann, hash, "correct horse battery"));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, "correct horse Battery"));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, "correct horse battery "));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, ""));
    }

    /// <summary>Vectors of the reference implementation, phc-winner-argon2, src/test.c: Argon2id, version 1.3, salt "somesalt".</summary>
    [Theory]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc")]
    public void VerifyHashedPassword_VectorsOfTheReference_AreMetAndAskForTheCostOfToday(string hash)
    {
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, _hasher.VerifyHashedPassword(Ann, hash, "password"));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, "Password"));
    }

    [Fact]
    public void VerifyHashedPassword_HashOfTheFramework_VerifiesAndAsksToBeReplaced()
    {
        var hash = new PasswordHasher<Person>().HashPassword(Ann, "correct horse battery");

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, _hasher.VerifyHashedPassword(Ann, hash, "correct horse battery"));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, "another horse battery"));
    }

    [Fact]
    public void VerifyHashedPassword_OneCharacterEncodedInTwoWays_IsTheSamePassword()
    {
        var hash = _hasher.HashPassword(Ann, "caf\u00e9 on the corner");

        Assert.Equal(PasswordVerificationResult.Success, _hasher.VerifyHashedPassword(Ann, hash, "cafe\u0301 on the corner"));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, "cafe on the corner"));
    }

    [Fact]
    public void VerifyHashedPassword_EveryCharacterOfALongPassword_Counts()
    {
        var password = new string('x', 1023) + "y";
        var hash = _hasher.HashPassword(Ann, password);

        Assert.Equal(PasswordVerificationResult.Success, _hasher.VerifyHashedPassword(Ann, hash, password));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, new string('x', 1024)));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, password + "z"));
        Assert.Throws<ArgumentException>(() => _hasher.HashPassword(Ann, password + "z"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a hash")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAA")]
    public void VerifyHashedPassword_BrokenHash_Fails(string hash) =>
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(Ann, hash, "password"));
}
