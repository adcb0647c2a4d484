using System.Security.Cryptography;
using FsCheck.Fluent;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Secrets;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Secrets;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class MasterKeyTests
{
    private readonly MasterKey _key = new(RandomNumberGenerator.GetBytes(MasterKey.Length));

    [Fact]
    public void Unwrap_WhatWrapMade_IsTheSame() => Law.Holds(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(),
        secret => Assert.Equal(secret, _key.Unwrap("purpose", _key.Wrap("purpose", secret))));

    [Fact]
    public void Unwrap_AnyByteChanged_Throws()
    {
        var wrapped = _key.Wrap("purpose", "secret"u8);
        for (var i = 0; i < wrapped.Length; i++)
        {
            var changed = wrapped.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => _key.Unwrap("purpose", changed));
            Assert.ThrowsAny<CryptographicException>(() => _key.Unwrap("purpose", wrapped.AsSpan(0, i)));
        }
    }

    [Fact]
    public void Unwrap_OtherPurposeOrKey_Throws()
    {
        var wrapped = _key.Wrap("purpose", "secret"u8);
        Assert.ThrowsAny<CryptographicException>(() => _key.Unwrap("another", wrapped));
        Assert.ThrowsAny<CryptographicException>(() => new MasterKey(new byte[MasterKey.Length]).Unwrap("purpose", wrapped));
    }

    [Fact]
    public void Wrap_SameSecretTwice_LooksDifferent() => Assert.NotEqual(_key.Wrap("purpose", "secret"u8), _key.Wrap("purpose", "secret"u8));

    [Fact]
    public void Mac_Purposes_AreSeparate()
    {
        Assert.Equal(_key.Mac("a", "x"u8), _key.Mac("a", "x"u8));
        Assert.NotEqual(_key.Mac("a", "x"u8), _key.Mac("b", "x"u8));
    }

    [Fact]
    public void Mac_IsOfTheKeyThatHkdfGivesForThePurpose()
    {
        var key = RandomNumberGenerator.GetBytes(MasterKey.Length);
        var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, MasterKey.Length, salt: null, info: "p"u8.ToArray());
        Assert.Equal(HMACSHA256.HashData(derived, "x"u8), new MasterKey(key).Mac("p", "x"u8));
    }

    [Fact]
    public void Load_FirstStart_MakesAFileThatOnlyItsOwnerReads()
    {
        using var folder = new TempFolder();
        var first = Load(folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PathOf("keys", "master.key")));
        Assert.Equal(first.Mac("p", "x"u8), Load(folder).Mac("p", "x"u8));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void Load_FileThatOthersMayOpen_IsRefused(UnixFileMode extra)
    {
        using var folder = new TempFolder();
        Load(folder);
        File.SetUnixFileMode(folder.PathOf("keys", "master.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);
        Assert.Contains("chmod 600", Assert.Single(Assert.Throws<OptionsValidationException>(() => Load(folder)).Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void Load_MalformedKey_IsRefusedWithoutRepeatingIt(string configured)
    {
        using var folder = new TempFolder();
        var refusal = Assert.Throws<OptionsValidationException>(() => Load(folder, configured));
        Assert.DoesNotContain(configured, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConfiguredKey_GoesBeforeTheFile()
    {
        using var folder = new TempFolder();
        var configured = Load(folder, Convert.ToBase64String(new byte[MasterKey.Length]));
        Assert.Equal(new MasterKey(new byte[MasterKey.Length]).Mac("p", "x"u8), configured.Mac("p", "x"u8));
        Assert.False(File.Exists(folder.PathOf("keys", "master.key")));
    }

    private static MasterKey Load(TempFolder folder, string? configured = null) =>
        MasterKeyFile.Load(new KeyOptions { Master = configured }, new DataDirectoryOptions { Directory = folder.Path });
}
