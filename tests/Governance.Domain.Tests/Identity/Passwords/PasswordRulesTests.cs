using Governance.Domain.Identity.Passwords;

namespace Governance.Domain.Tests.Identity.Passwords;

public sealed class PasswordRulesTests
{
    private static readonly PasswordOwner Ann = new("Northwind Trading", "Ann Lee", "a.leeds@mail.northwind.example", HasSecondFactor: false);
    private static readonly PasswordOwner Secured = Ann with { HasSecondFactor = true };

    [Theory]
    [InlineData("correct horse bat")]
    [InlineData("пароль из слов, длинный")]
    [InlineData("夏の夜に月を見て歌う人が一人い")] // fifteen characters
    [InlineData("🐎🔋📎🐎🔋🌍🐬🎈🧭🪁🥨🧩🪗🛶🧶")] // fifteen code points, thirty UTF-16 units
    [InlineData("               x  ")] // spaces count like everything else
    [InlineData("aaaaaaaaaaaaaab")] // no rule of composition
    public void Check_FifteenCharacters_AreEnough(string password) => Assert.Null(Check(password, Ann));

    [Fact]
    public void Check_Length_CountsCodePoints()
    {
        Assert.Contains("14 characters; at least 15", Check("correct horse!", Ann), StringComparison.Ordinal);
        Assert.Contains("7 characters; at least 15", Check("🐎🔋📎🌍🐬🎈🧭", Ann), StringComparison.Ordinal);
        Assert.Contains("7 characters; at least 8", Check("horse!7", Secured), StringComparison.Ordinal);
        Assert.Null(Check("horse!78", Secured));
    }

    [Fact]
    public void Check_LongPasswords_AreTakenUpToTheBound()
    {
        var text = string.Concat(Enumerable.Range(0, 400).Select(number => $"{number} "));
        Assert.Null(Check(text[..64], Ann));
        Assert.Null(Check(text[..PasswordText.MaxLength], Ann));
        Assert.Contains("1,024", Check(text[..(PasswordText.MaxLength + 1)], Ann), StringComparison.Ordinal);
        Assert.Contains("ordinary text", Check("a lone surrogate \ud83d here", Ann), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sunshine")]
    [InlineData("SUNshine")]
    [InlineData("sunshine1234567")]
    [InlineData("!!Sunshine-2026")]
    public void Check_CommonPassword_IsRefused(string password) => Assert.Contains("tried first", Check(password, Secured), StringComparison.Ordinal);

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabcabc")]
    [InlineData("qwertyqwertyqwerty")]
    [InlineData("sunshinesunshine")]
    public void Check_Repetition_IsRefused(string password) => Assert.Contains("repeats", Check(password, Ann), StringComparison.Ordinal);

    [Theory]
    [InlineData("Northwind-2026-!!", "northwind", 8)]
    [InlineData("governance rules", "governance", 6)]
    [InlineData("ann ANN ann horses", "ann", 9)]
    [InlineData("leeds, Leeds & leeds", "leeds", 5)]
    [InlineData("trading northwind x", "northwind", 3)]
    public void Check_OwnWords_DoNotCount(string password, string word, int remaining)
    {
        var refusal = Check(password, Ann);
        Assert.Contains($"'{word}'", refusal, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"{remaining} characters remain, and at least 15", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("northwind sells correct horse batteries")]
    [InlineData("the trains of example are late")] // the address's top-level domain is nobody's word
    public void Check_OwnWordsBesideEnoughOthers_AreTaken(string password) => Assert.Null(Check(password, Ann));

    [Fact]
    public void Check_OwnWord_IsFoundWhicheverWayItIsEncoded()
    {
        var owner = Ann with { PersonName = "Zo\u00eb" };
        Assert.Contains("remain", Check("Zoe\u0308 Zoe\u0308 Zoe\u0308 1234", owner), StringComparison.Ordinal);
    }

    private static string? Check(string password, PasswordOwner owner) =>
        PasswordRules.Check(password, owner, text => text.Equals("sunshine", StringComparison.OrdinalIgnoreCase))?.Message;
}
