namespace Governance.Domain.Identity.Passwords;

/// <summary>
/// What a new password must be (NIST SP 800-63B-4, section 3.1.1.2; OWASP ASVS v5, 6.2): long enough and hard to guess. There is no rule
/// about capitals, digits or signs, and none about changing it now and then: both make passwords worse.
/// </summary>
public static class PasswordRules
{
    /// <summary>Characters of a password that is the only factor.</summary>
    public const int MinLength = 15;

    /// <summary>Characters of a password beside which there is a second factor.</summary>
    public const int MinLengthWithSecondFactor = 8;

    private const string Field = "Password";

    /// <summary>What is wrong with a password and what to do about it; none if it is good.</summary>
    /// <param name="password">What was typed.</param>
    /// <param name="owner">Whose it is to be.</param>
    /// <param name="isCommon">Whether a text is among the most common passwords, upper and lower case alike.</param>
    public static Refusal? Check(string password, PasswordOwner owner, Func<string, bool> isCommon)
    {
        if (PasswordText.Normalize(password) is not { } text)
            return Refuse($"This password cannot be taken. Choose one of at most {PasswordText.MaxLength:N0} characters, made of ordinary text.");

        var minimum = owner.HasSecondFactor ? MinLengthWithSecondFactor : MinLength;
        if (PasswordText.Length(text) is var length && length < minimum)
            return Refuse($"This password has {length} characters; at least {minimum} are needed. Several words that do not belong together are easy to remember.");
        if (isCommon(text) || isCommon(Core(text)))
            return Refuse("This is one of the passwords that are tried first, or one of them with digits or signs around it. Choose another one.");
        if (Repeated(text) is { } piece && (piece.Length < MinLengthWithSecondFactor || isCommon(piece)))
            return Refuse("This password repeats the same few characters. Choose one that does not.");
        return CheckWords(text, owner, minimum);
    }

    /// <summary>Words that others can guess do not count towards the length.</summary>
    private static Refusal? CheckWords(string text, PasswordOwner owner, int minimum)
    {
        var rest = text;
        string? guessable = null;
        foreach (var word in owner.GuessableWords())
        {
            if (!rest.Contains(word, StringComparison.OrdinalIgnoreCase)) continue;
            guessable ??= word;

            // A control character in its place, so that what stood on either side does not make a word.
            rest = rest.Replace(word, "\0", StringComparison.OrdinalIgnoreCase);
        }

        var counted = PasswordText.Length(rest.Replace("\0", "", StringComparison.Ordinal));
        return guessable is null || counted >= minimum
            ? null
            : Refuse($"'{guessable}' is easy to guess here, so it does not count: {counted} characters remain, and at least {minimum} are needed. " +
                "Add words that have nothing to do with you or your organisation.");
    }

    private static Refusal Refuse(string message) => Refusal.Invalid(Field, message);

    /// <summary>What is left of <c>Sunshine2026!!</c> without the digits and signs around it.</summary>
    private static string Core(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && !char.IsLetter(text[start])) start++;
        while (end > start && !char.IsLetter(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary>The piece of which a text is nothing but repetitions; none if it is not.</summary>
    private static string? Repeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length))) return text[..length];
        }

        return null;
    }
}
