using System.Text;
using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class Base32Tests
{
    /// <summary>RFC 4648, section 10, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Encode_VectorsOfTheRfc_AreMet(string data, string expected) => Assert.Equal(expected, Base32.Encode(Encoding.ASCII.GetBytes(data)));

    [Theory]
    [InlineData("MZXW6YTBOI", "MZXW 6YTB OI")]
    [InlineData("MZXW", "MZXW")]
    [InlineData("", "")]
    public void Group_Text_IsInFours(string text, string expected) => Assert.Equal(expected, Base32.Group(text, ' '));

    [Theory]
    [InlineData("mzxw-6ytb-oi")]
    [InlineData(" MZXW 6YTB  OI ")]
    [InlineData("MZXW6YTBOI")]
    public void Ungroup_HoweverItWasTyped_IsTheSame(string typed) => Assert.Equal("MZXW6YTBOI", Base32.Ungroup(typed));
}
