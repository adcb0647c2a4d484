using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Identity.Tokens;

namespace Governance.Domain.Tests.Identity.Tokens;

/// <summary>The vectors of RFC 7515, appendix A.3 (ES256) and of RFC 9449, 6.1 (thumbprint), and the form of the serialisation.</summary>
public sealed class CompactJwsTests
{
    private const string Header = "eyJhbGciOiJFUzI1NiJ9";
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string Signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    private const string Vector = $"{Header}.{Payload}.{Signature}";

    private static readonly Es256PublicKey VectorKey =
        new("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");

    [Fact]
    public void Parse_Rfc7515A3_YieldsItsOctetsAndItsSignatureHolds()
    {
        var jws = CompactJws.Parse(Vector)!;

        Assert.Equal("""{"alg":"ES256"}""", Encoding.UTF8.GetString(jws.Header.Span));
        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", Encoding.UTF8.GetString(jws.Payload.Span));
        Assert.True(jws.IsSignedBy(VectorKey));
    }

    [Fact]
    public void Sign_Rfc7515A3_SpellsHeaderAndPayloadAlikeAndVerifies()
    {
        using var key = VectorPrivateKey();
        var signed = CompactJws.Sign(
            """{"alg":"ES256"}"""u8, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"u8, key);

        // An ECDSA signature is made with a random number, so only what stands before it is the same.
        Assert.StartsWith($"{Header}.{Payload}.", signed, StringComparison.Ordinal);
        Assert.Equal(Vector.Length, signed.Length);
        Assert.True(CompactJws.Parse(signed)!.IsSignedBy(VectorKey));
    }

    [Fact]
    public void Of_Rfc7515A3PrivateKey_IsItsPublicKey()
    {
        using var key = VectorPrivateKey();
        Assert.Equal(VectorKey, Es256PublicKey.Of(key));
    }

    [Fact]
    public void Thumbprint_Rfc9449Key_IsItsThumbprint() => Assert.Equal(
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        new Es256PublicKey("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA").Thumbprint);

    [Fact]
    public void IsSignedBy_AnotherKey_IsFalse()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(CompactJws.Parse(Vector)!.IsSignedBy(Es256PublicKey.Of(other)));
    }

    [Fact]
    public void IsSignedBy_SignatureOfZeros_IsFalse() =>
        Assert.False(CompactJws.Parse($"{Header}.{Payload}.{Base64Url.EncodeToString(new byte[64])}")!.IsSignedBy(VectorKey));

    [Fact]
    public void Sign_KeyOfAnotherCurve_Throws()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => CompactJws.Sign("{}"u8, "{}"u8, key));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("no dots at all")]
    [InlineData($"{Header}.{Payload}")]
    [InlineData($"{Header}.{Payload}.")]
    [InlineData($".{Payload}.{Signature}")]
    [InlineData($"{Header}..{Signature}")]
    [InlineData($"{Header}.{Payload}.{Signature}.")]
    [InlineData($"{Header}.{Payload}.{Signature}.{Signature}")]
    [InlineData($".{Header}.{Payload}.{Signature}")]
    [InlineData($" {Vector}")]
    [InlineData($"{Vector} ")]
    [InlineData($"{Vector}\n")]
    [InlineData($"{Header}.{Payload}\n.{Signature}")]
    [InlineData($"{Header}.{Payload}.{Signature}==")] // padding
    [InlineData($"{Header}.{Payload}==.{Signature}")]
    [InlineData($"{Header}.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6+Xx+F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3+Kg6NU1Q")] // base64, not base64url
    [InlineData($"{Header}.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1R")] // trailing bits
    [InlineData($"{Header}.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU")] // 63 octets
    [InlineData($"{Header}.{Payload}.{Signature}AA")] // 65 octets
    [InlineData($"{Header}.{Payload}.MEUCIQ")] // the beginning of a DER signature
    public void Parse_AnotherForm_IsRefused(string text) => Assert.Null(CompactJws.Parse(text));

    [Fact]
    public void Parse_TooLong_IsRefused()
    {
        var room = CompactJws.MaxLength - Header.Length - Signature.Length - 2;
        Assert.NotNull(CompactJws.Parse($"{Header}.{new string('A', room - room % 4)}.{Signature}"));
        Assert.Null(CompactJws.Parse($"{Header}.{new string('A', room - room % 4 + 4)}.{Signature}"));
    }

    private static ECDsa VectorPrivateKey() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
        Q = new ECPoint { X = Base64Url.DecodeFromChars(VectorKey.X), Y = Base64Url.DecodeFromChars(VectorKey.Y) },
    });
}
