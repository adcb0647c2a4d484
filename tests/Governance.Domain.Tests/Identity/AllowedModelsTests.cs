using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class AllowedModelsTests
{
    [Theory]
    [InlineData("", "gpt-5", true)]
    [InlineData("gpt-5", "gpt-5", true)]
    [InlineData("gpt-5", "gpt-5-mini", false)]
    [InlineData("gpt-5", "GPT-5", false)]
    [InlineData("gpt-5*", "gpt-5-mini", true)]
    [InlineData("gpt-5*", "gpt-5", true)]
    [InlineData("gpt-5*", "gpt-4.1", false)]
    [InlineData("claude-*, gpt-4.1", "gpt-4.1", true)]
    [InlineData("claude-*, gpt-4.1", "gpt-4.1-mini", false)]
    [InlineData("gpt-5*", "gpt-5*", true)]
    [InlineData("gpt-5", "", false)]
    public void Permit_IdsAndPrefixes_DecideTheModel(string allowed, string model, bool permitted) =>
        Assert.Equal(permitted, AllowedModels.Permit(AllowedModels.Parse(allowed), model));

    [Fact]
    public void Parse_WhatAPersonTypes_IsEachModelOnce() =>
        Assert.Equal(["gpt-5*", "claude-opus-5", "o3"], AllowedModels.Parse(" gpt-5*,claude-opus-5\n o3 ; gpt-5* "));

    [Theory]
    [InlineData("*")]
    [InlineData("gpt-*-mini")]
    [InlineData("*-mini")]
    [InlineData("gpt-**")]
    [InlineData("")]
    [InlineData("gpt 5")]
    public void ProblemOf_WrongPattern_SaysWhatIsWrong(string pattern) => Assert.NotNull(AllowedModels.ProblemOf(["gpt-5", pattern]));

    [Fact]
    public void ProblemOf_Length_IsBounded()
    {
        Assert.Null(AllowedModels.ProblemOf([new string('m', AllowedModels.MaxLength)]));
        Assert.NotNull(AllowedModels.ProblemOf([new string('m', AllowedModels.MaxLength + 1)]));
        Assert.NotNull(AllowedModels.ProblemOf([.. Enumerable.Range(0, AllowedModels.MaxCount + 1).Select(i => $"m{i}")]));
        Assert.Null(AllowedModels.ProblemOf([]));
    }
}
