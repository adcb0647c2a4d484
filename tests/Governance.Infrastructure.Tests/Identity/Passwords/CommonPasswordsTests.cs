using Governance.Infrastructure.Identity.Passwords;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

public sealed class CommonPasswordsTests
{
    [Fact]
    public void Count_TheList_IsWhatIsClaimed() => Assert.Equal(3000, CommonPasswords.Count);

    [Theory]
    [InlineData("password", true)]
    [InlineData("PassWord", true)]
    [InlineData("1q2w3e4r5t6y", true)]
    [InlineData("asdfjkl;", true)]
    [InlineData("correct horse battery", false)]
    [InlineData("", false)]
    [InlineData("# Source", false)]
    public void Contains_Password_IsFoundInAnyCase(string password, bool common) => Assert.Equal(common, CommonPasswords.Contains(password));
}
