using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Governance.Infrastructure.Identity.SecondFactor;
using QRCoder;

namespace Governance.Infrastructure.Tests.Identity.SecondFactor;

public sealed partial class QrCodeTests
{
    private const string Text = "otpauth://totp/Governance:ann%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Governance&algorithm=SHA1&digits=6&period=30";

    [Fact]
    public void Of_Text_DrawsExactlyTheDarkSquares()
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(Text, QRCodeGenerator.ECCLevel.M);
        var code = QrCode.Of(Text);

        var drawn = new bool[code.Size, code.Size];
        foreach (Match run in Run().Matches(code.Path))
        {
            var (x, y, width) = (Number(run, "x"), Number(run, "y"), Number(run, "width"));
            Assert.Equal(width, Number(run, "back"));
            for (var i = 0; i < width; i++) drawn[y, x + i] = true;
        }

        Assert.Equal("", Run().Replace(code.Path, ""));
        for (var y = 0; y < code.Size; y++)
        {
            for (var x = 0; x < code.Size; x++) Assert.Equal(data.ModuleMatrix[y][x], drawn[y, x]);
        }
    }

    [Fact]
    public void ToSvg_Picture_HasATitleAndNothingAContentPolicyRefuses()
    {
        var svg = QrCode.Of(Text).ToSvg("Key for <Ann> & \"Bob\"");

        var root = XDocument.Parse(svg).Root!;
        Assert.Equal("Key for <Ann> & \"Bob\"", root.Attribute("aria-label")?.Value);
        Assert.DoesNotContain("style", svg, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("script", svg, StringComparison.OrdinalIgnoreCase);
    }

    private static int Number(Match run, string group) => int.Parse(run.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M(?<x>\d+) (?<y>\d+)h(?<width>\d+)v1h-(?<back>\d+)z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Run();
}
