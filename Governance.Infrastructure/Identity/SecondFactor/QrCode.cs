using System.Collections;
using System.Net;
using System.Text;
using QRCoder;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>A QR code as one SVG path of unit squares: sharp at any size, without styles or scripts that a content policy would refuse.</summary>
/// <param name="Size">Its width and height in squares, with the blank border that scanners need.</param>
/// <param name="Path">The dark squares, as the <c>d</c> of an SVG path.</param>
public sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++) AppendRow(path, rows[y], y);
        return new QrCode(rows.Count, path.ToString());
    }

    /// <summary>A picture that stands by itself: black on white in every theme, because scanners need the contrast.</summary>
    /// <param name="title">What it is, for those who cannot see it.</param>
    public string ToSvg(string title) =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Size} {Size}" role="img" aria-label="{WebUtility.HtmlEncode(title)}" shape-rendering="crispEdges">""" +
        $"""<rect width="{Size}" height="{Size}" fill="#fff"/><path d="{Path}" fill="#000"/></svg>""";

    /// <summary>One rectangle for each run of dark squares.</summary>
    private static void AppendRow(StringBuilder path, BitArray row, int y)
    {
        for (var x = 0; x < row.Count; x++)
        {
            if (!row[x]) continue;
            var start = x;
            while (x < row.Count && row[x]) x++;
            path.Append($"M{start} {y}h{x - start}v1h-{x - start}z");
        }
    }
}
