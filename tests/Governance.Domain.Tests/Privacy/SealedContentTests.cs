using System.Security.Cryptography;
using Governance.Domain.Audit;

namespace Governance.Domain.Tests.Privacy;

public sealed class SealedContentTests
{
    private static readonly Guid Call = new(1, 2, 3, new byte[8]);
    private static readonly Guid Row = new(4, 5, 6, new byte[8]);
    private readonly DataKey _key = new(new Guid(7, 8, 9, new byte[8]), RandomNumberGenerator.GetBytes(DataKey.Length));

    [Fact]
    public void OpenContent_WhatWasSealed_IsTheText()
    {
        var part = _key.SealContent(Call, Row, 1, "text"u8);
        Assert.Equal("text"u8.ToArray(), _key.OpenContent(Call, Row, 1, part.Commitment, part.Ciphertext));
    }

    [Fact]
    public void OpenContent_OfAnotherCallRowSideOrKey_IsNothing()
    {
        var part = _key.SealContent(Call, Row, 1, "text"u8);
        var other = new DataKey(_key.Id, RandomNumberGenerator.GetBytes(DataKey.Length));
        Assert.Null(_key.OpenContent(Row, Row, 1, part.Commitment, part.Ciphertext));
        Assert.Null(_key.OpenContent(Call, Call, 1, part.Commitment, part.Ciphertext));
        Assert.Null(_key.OpenContent(Call, Row, 0, part.Commitment, part.Ciphertext));
        Assert.Null(other.OpenContent(Call, Row, 1, part.Commitment, part.Ciphertext));
        Assert.Null(_key.OpenContent(Call, Row, 1, new PartCommitment(_key.Id, new byte[32]), part.Ciphertext));
    }

    /// <summary>The entry of a call has the call's id, so content and entry must never share a key.</summary>
    [Fact]
    public void SealContent_SameTextAsAPartOfTheCallsEntry_IsOtherBytes()
    {
        var (content, again, entry) = (_key.SealContent(Call, Call, 0, "text"u8), _key.SealContent(Call, Row, 0, "text"u8), _key.Seal(Call, 0, "text"u8));
        Assert.NotEqual(entry.Ciphertext, content.Ciphertext);
        Assert.NotEqual(again.Ciphertext, content.Ciphertext);
    }
}
