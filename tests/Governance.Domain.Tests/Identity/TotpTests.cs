using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset Now = FakeTime.DefaultStart;

    /// <summary>RFC 6238, appendix B, the rows of SHA-1.</summary>
    [Theory]
    [InlineData(59, 0x1, "94287082")]
    [InlineData(1111111109, 0x23523EC, "07081804")]
    [InlineData(1111111111, 0x23523ED, "14050471")]
    [InlineData(1234567890, 0x273EF07, "89005924")]
    [InlineData(2000000000, 0x3F940AA, "69279037")]
    [InlineData(20000000000, 0x27BC86AA, "65353130")]
    public void CodeOf_VectorsOfTheRfc_AreMet(long seconds, long step, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(step, Totp.StepAt(at));
        Assert.Equal(code, Totp.CodeOf(Secret, step, digits: 8));
        Assert.Equal(code[2..], Totp.CodeOf(Secret, step));
        Assert.Equal(step, Totp.FindStep(Secret, code, at, digits: 8));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void FindStep_ClockThatDiffers_IsAcceptedByOneStep(int steps, bool accepted)
    {
        var step = Totp.StepAt(Now) + steps;

        Assert.Equal(accepted ? step : null, Totp.FindStep(Secret, Totp.CodeOf(Secret, step), Now));
    }

    [Fact]
    public void FindStep_CodeInTwoGroups_IsAccepted()
    {
        var code = Totp.CodeOf(Secret, Totp.StepAt(Now));

        Assert.NotNull(Totp.FindStep(Secret, $" {code[..3]} {code[3..]} ", Now));
    }

    [Fact]
    public void FindStep_AnythingElse_IsRefused()
    {
        var code = Totp.CodeOf(Secret, Totp.StepAt(Now));
        string[] others = ["", " ", code[1..], code + "0", "0" + code, "abcdef", "٠١٢٣٤٥", "-" + code[1..], code[..5] + "x"];
        Assert.All(others, other => Assert.Null(Totp.FindStep(Secret, other, Now)));
        Assert.Null(Totp.FindStep("another secret"u8, code, Now));
    }

    [Fact]
    public void FindStep_OfWhatCodeOfMade_IsItsStep() => Law.Holds(
        Gen.Choose(0, int.MaxValue).Two(),
        pair =>
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(pair.Item1 * 2L);
            var secret = BitConverter.GetBytes(pair.Item2);
            var step = Totp.StepAt(at);

            // Two neighbouring steps may share a code, one time in a million: then either of them is an answer.
            Assert.InRange(Totp.FindStep(secret, Totp.CodeOf(secret, step), at)!.Value, step, step + 1);
        });

    [Fact]
    public void Uri_IssuerAndAccount_AreEscaped() => Assert.Equal(
        "otpauth://totp/Governance%20%26%20Co:ann%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Governance%20%26%20Co&algorithm=SHA1&digits=6&period=30",
        Totp.Uri(Secret, "Governance & Co", "ann+x@example.org"));
}
