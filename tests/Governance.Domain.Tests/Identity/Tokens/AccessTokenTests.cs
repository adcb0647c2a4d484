using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Identity.Tokens;

namespace Governance.Domain.Tests.Identity.Tokens;

public sealed class AccessTokenTests : IDisposable
{
    private readonly TokenForge _forge = new();

    public void Dispose() => _forge.Dispose();

    [Fact]
    public void Verify_IssuedToken_YieldsItsClaims()
    {
        var verdict = _forge.Verify(_forge.Valid);

        Assert.True(verdict.Accepted);
        Assert.Equal(_forge.Claims, verdict.Claims);
        Assert.Equal(_forge.GoodHeader, Encoding.UTF8.GetString(CompactJws.Parse(_forge.Valid)!.Header.Span));
    }

    [Fact]
    public void Verify_HandMadeEqual_IsAccepted() =>
        Assert.Equal(_forge.Claims with { Scope = null }, _forge.Verify(_forge.Sign(_forge.GoodHeader, TokenForge.GoodPayload)).Claims);

    /// <summary>Each is signed with the installation's own key, so that only the header can be to blame.</summary>
    [Theory]
    [InlineData("""{"alg":"none","typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":"None","typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":"HS256","typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":"es256","typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":"ES384","typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":["ES256"],"typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":null,"typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":"\ud800","typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"typ":"at+jwt","kid":"KID"}""", TokenFault.WrongAlgorithm)]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"KID"}""", TokenFault.WrongType)]
    [InlineData("""{"alg":"ES256","typ":"AT+JWT","kid":"KID"}""", TokenFault.WrongType)]
    [InlineData("""{"alg":"ES256","kid":"KID"}""", TokenFault.WrongType)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"another"}""", TokenFault.UnknownKey)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":""}""", TokenFault.UnknownKey)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":7}""", TokenFault.UnknownKey)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt"}""", TokenFault.UnknownKey)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","jwk":{"kty":"EC","crv":"P-256","x":"X","y":"Y"}}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","jku":"https://evil.example/jwks.json"}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","x5u":"https://evil.example/cert.pem"}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","x5c":["MIIB"]}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","x5t#S256":"AAAA"}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":["exp"],"exp":1}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":[]}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","b64":false}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","ALG":"none"}""", TokenFault.ForbiddenHeader)]
    [InlineData("""{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"KID"}""", TokenFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","\u0061lg":"ES256","typ":"at+jwt","kid":"KID"}""", TokenFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","\ud800":1}""", TokenFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID",}""", TokenFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID"}{}""", TokenFault.MalformedHeader)]
    [InlineData("""[{"alg":"ES256","typ":"at+jwt","kid":"KID"}]""", TokenFault.MalformedHeader)]
    [InlineData("""/**/{"alg":"ES256","typ":"at+jwt","kid":"KID"}""", TokenFault.MalformedHeader)]
    [InlineData("\uFEFF{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}", TokenFault.MalformedHeader)]
    [InlineData("ES256", TokenFault.MalformedHeader)]
    public void Verify_HeaderOfAnotherKind_IsRefused(string header, TokenFault fault) => Assert.Equal(
        fault, _forge.Verify(_forge.Sign(header.Replace("KID", _forge.Kid, StringComparison.Ordinal), TokenForge.GoodPayload)).Fault);

    [Fact]
    public void Verify_AlgNoneWithoutSignature_IsRefused()
    {
        var (header, payload) = (Encode($$"""{"alg":"none","typ":"at+jwt","kid":"{{_forge.Kid}}"}"""), Encode(TokenForge.GoodPayload));

        Assert.Equal(TokenFault.Malformed, _forge.Verify($"{header}.{payload}.").Fault);
        Assert.Equal(TokenFault.Malformed, _forge.Verify($"{header}.{payload}").Fault);
        Assert.Equal(TokenFault.WrongAlgorithm, _forge.Verify($"{header}.{payload}.{Base64Url.EncodeToString(new byte[64])}").Fault);
    }

    /// <summary>The confusion of a public key with an HMAC secret: whatever spelling of the key is taken, and with the digest at full length.</summary>
    [Fact]
    public void Verify_HmacWithThePublicKeyAsSecret_IsRefused()
    {
        foreach (var algorithm in (string[])["HS256", "HS512", "ES256"])
        {
            var input = $"{Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{_forge.Kid}}"}""")}.{Encode(TokenForge.GoodPayload)}";
            foreach (var secret in (byte[][])[_forge.Key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(_forge.Key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(_forge.PublicKey.X)])
            {
                var (digest, longDigest) = (HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)), HMACSHA512.HashData(secret, Encoding.ASCII.GetBytes(input)));
                Assert.Equal(TokenFault.Malformed, _forge.Verify($"{input}.{Base64Url.EncodeToString(digest)}").Fault);
                Assert.Equal(
                    algorithm == "ES256" ? TokenFault.WrongSignature : TokenFault.WrongAlgorithm,
                    _forge.Verify($"{input}.{Base64Url.EncodeToString(longDigest)}").Fault);
            }
        }
    }

    [Fact]
    public void Verify_SignedByAKeyOfTheAttackers_IsRefusedWhateverTheHeaderNames()
    {
        using var attacker = new TokenForge();
        var jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{attacker.PublicKey.X}}","y":"{{attacker.PublicKey.Y}}"}""";

        Assert.Equal(TokenFault.UnknownKey, _forge.Verify(attacker.Valid).Fault);
        Assert.Equal(TokenFault.WrongSignature, _forge.Verify(attacker.Sign(_forge.GoodHeader, TokenForge.GoodPayload)).Fault);
        Assert.Equal(
            TokenFault.ForbiddenHeader,
            _forge.Verify(attacker.Sign($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{_forge.Kid}}","jwk":{{jwk}}}""", TokenForge.GoodPayload)).Fault);
    }

    [Theory]
    [InlineData("\"iss\":\"https://governance.example\"", "\"iss\":\"https://evil.example\"", TokenFault.WrongIssuer)]
    [InlineData("\"iss\":\"https://governance.example\"", "\"iss\":\"https://governance.example/\"", TokenFault.WrongIssuer)]
    [InlineData("\"aud\":\"governance-api\"", "\"aud\":\"another-api\"", TokenFault.WrongAudience)]
    [InlineData("\"aud\":\"governance-api\"", "\"aud\":\"Governance-API\"", TokenFault.WrongAudience)]
    [InlineData("\"aud\":\"governance-api\"", "\"aud\":[\"governance-api\"]", TokenFault.MalformedClaims)]
    [InlineData("\"aud\":\"governance-api\",", "", TokenFault.MalformedClaims)]
    [InlineData("\"iss\":\"https://governance.example\",", "", TokenFault.MalformedClaims)]
    [InlineData("\"sub\":\"00000000-0000-0000-0000-000000000001\"", "\"sub\":\"somebody\"", TokenFault.MalformedClaims)]
    [InlineData("\"sub\":", "\"sub\":\"00000000-0000-0000-0000-000000000009\",\"sub\":", TokenFault.MalformedClaims)]
    [InlineData("\"sub\":", "\"s\\u0075b\":\"00000000-0000-0000-0000-000000000009\",\"sub\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"nested\":{\"a\":1,\"a\":2},\"exp\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"scope\":7,\"exp\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"exp\":1.5e9,\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"exp\":\"2793609900\",\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"exp\":99999999999999999999,\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"exp\":9223372036854775807,\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"exp\":", "\"exp\":-1,\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"nbf\":", "\"other\":", TokenFault.MalformedClaims)]
    [InlineData("\"iat\":", "\"iat\":2793609900,\"other\":", TokenFault.NotYetValid)]
    [InlineData("\"nbf\":", "\"nbf\":2793609900,\"other\":", TokenFault.NotYetValid)]
    [InlineData("\"exp\":", "\"exp\":1300819380,\"other\":", TokenFault.Expired)]
    public void Verify_ClaimsOfAnotherKind_AreRefused(string claim, string replacement, TokenFault fault)
    {
        var payload = TokenForge.GoodPayload.Replace(claim, replacement, StringComparison.Ordinal);

        Assert.NotEqual(TokenForge.GoodPayload, payload);
        Assert.Equal(fault, _forge.Verify(_forge.Sign(_forge.GoodHeader, payload)).Fault);
    }

    [Fact]
    public void Verify_PayloadThatIsNoUtf8_IsRefused()
    {
        byte[] payload = [.. "{\"iss\":\""u8, 0xc3, 0x28, .. "\"}"u8];
        Assert.Equal(TokenFault.MalformedClaims, _forge.Verify(CompactJws.Sign(Encoding.UTF8.GetBytes(_forge.GoodHeader), payload, _forge.Key)).Fault);
    }

    [Fact]
    public void Verify_OverTime_IsValidFromNbfToExpWidenedByTheSkew()
    {
        var (start, end, tick) = (TokenForge.Now - TokenForge.Skew, TokenForge.Now.AddMinutes(15) + TokenForge.Skew, TimeSpan.FromTicks(1));

        Assert.Equal(TokenFault.NotYetValid, _forge.Verify(_forge.Valid, start - tick).Fault);
        Assert.True(_forge.Verify(_forge.Valid, start).Accepted);
        Assert.True(_forge.Verify(_forge.Valid, end - tick).Accepted);
        Assert.Equal(TokenFault.Expired, _forge.Verify(_forge.Valid, end).Fault);
    }

    [Fact]
    public void Verify_PartsOfTwoTokens_AreRefused()
    {
        var (mine, other) = (_forge.Valid.Split('.'), AccessToken.Issue(_forge.Claims with { PersonId = default }, _forge.Kid, _forge.Key).Split('.'));

        Assert.Equal(TokenFault.WrongSignature, _forge.Verify($"{mine[0]}.{other[1]}.{mine[2]}").Fault);
        Assert.Equal(TokenFault.WrongSignature, _forge.Verify($"{mine[0]}.{mine[1]}.{other[2]}").Fault);
    }

    [Fact]
    public void Verify_EachBitFlipped_IsRefused()
    {
        var valid = Encoding.ASCII.GetBytes(_forge.Valid);
        for (var bit = 0; bit < valid.Length * 8; bit++)
        {
            var mutated = (byte[])valid.Clone();
            mutated[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(_forge.Verify(Encoding.Latin1.GetString(mutated)).Accepted, $"bit {bit}");
        }
    }

    [Fact]
    public void Verify_EachBitOfEachPartsOctetsFlipped_IsRefused()
    {
        var parts = _forge.Valid.Split('.');
        for (var part = 0; part < parts.Length; part++)
        {
            var octets = Base64Url.DecodeFromChars(parts[part]);
            for (var bit = 0; bit < octets.Length * 8; bit++)
            {
                octets[bit / 8] ^= (byte)(1 << (bit % 8));
                var mutated = string.Join('.', parts.Select((text, index) => index == part ? Base64Url.EncodeToString(octets) : text));
                Assert.False(_forge.Verify(mutated).Accepted, $"part {part}, bit {bit}");
                octets[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Verify_CutOrExtended_IsRefused()
    {
        var valid = _forge.Valid;
        for (var length = 0; length < valid.Length; length++)
        {
            Assert.False(_forge.Verify(valid[..length]).Accepted);
            Assert.False(_forge.Verify(valid[^length..]).Accepted);
            foreach (var more in (string[])["A", ".", "=", " ", "\0"]) Assert.False(_forge.Verify(valid.Insert(length, more)).Accepted);
        }

        foreach (var more in (string[])["A", "AA", "AAAA", ".", "..", "=", "==", " ", "\n", "\0", "é"]) Assert.False(_forge.Verify(valid + more).Accepted);
    }

    [Fact]
    public void Verify_AnyOtherText_IsRefusedAndDoesNotThrow()
    {
        var valid = _forge.Valid;
        Law.Holds(Mutated(valid), text => Assert.Equal(text == valid, _forge.Verify(text).Accepted));
    }

    /// <summary>Whatever an attacker who had the key wrote: no text of header or payload throws.</summary>
    [Fact]
    public void Verify_AnySignedHeaderOrPayload_DoesNotThrow()
    {
        Law.Holds(Mutated(_forge.GoodHeader), header => _forge.Verify(_forge.Sign(header, TokenForge.GoodPayload)));
        Law.Holds(Mutated(TokenForge.GoodPayload), payload => _forge.Verify(_forge.Sign(_forge.GoodHeader, payload)));
    }

    /// <summary>A text with some characters changed, cut out, doubled, put in or moved.</summary>
    private static Gen<string> Mutated(string text) =>
        from count in Gen.Choose(1, 4)
        from edits in EditOnce.ArrayOf(count)
        select edits.Aggregate(text, (current, edit) => edit(current));

    private static readonly Gen<Func<string, string>> EditOnce =
        from kind in Gen.Choose(0, 4)
        from position in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 12)
        from character in Gen.OneOf(Gen.Elements(".-_=+/ \n\0\"\\{}[],:é".ToCharArray()), Gen.Choose(32, 126).Select(code => (char)code))
        select (Func<string, string>)(text => Edit(text, kind, position, length, character));

    private static string Edit(string text, int kind, int position, int length, char character)
    {
        if (text.Length == 0) return character.ToString();
        var at = position % text.Length;
        var end = Math.Min(text.Length, at + length);
        return kind switch
        {
            0 => text[..at] + character + text[(at + 1)..],
            1 => text[..at] + text[end..],
            2 => text[..end] + text[at..],
            3 => text[..at] + character + text[at..],
            _ => text[end..] + text[..end],
        };
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
