using FsCheck.Fluent;

namespace Governance.Domain.Tests;

public sealed class PublicIdTests
{
    [Fact]
    public void TryParse_WhatFormatWrote_IsTheSameId() => Law.Holds(
        Gen.Choose(0, int.MaxValue).Select(number => new Guid(number, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)),
        id =>
        {
            Assert.True(PublicId.TryParse(PublicId.Request, PublicId.Format(PublicId.Request, id), out var parsed));
            Assert.Equal(id, parsed);
        });

    [Theory]
    [InlineData("")]
    [InlineData("req_")]
    [InlineData("req")]
    [InlineData("req_0000")]
    [InlineData("key_00000000000000000000000000000001")] // another kind of thing
    [InlineData("REQ_00000000000000000000000000000001")]
    [InlineData("req_00000000-0000-0000-0000-000000000001")]
    public void TryParse_SomethingElse_IsFalse(string text) => Assert.False(PublicId.TryParse(PublicId.Request, text, out _));
}
