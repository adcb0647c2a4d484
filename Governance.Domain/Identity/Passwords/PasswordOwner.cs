namespace Governance.Domain.Identity.Passwords;

/// <summary>Whose password it is to be: what others know about them does not make it harder to guess.</summary>
/// <param name="OrganizationName">The organisation they belong to.</param>
/// <param name="PersonName">Their name.</param>
/// <param name="Email">Their mail address.</param>
/// <param name="HasSecondFactor">Whether the password is one of two factors, so that it may be shorter.</param>
public sealed record PasswordOwner(string OrganizationName, string PersonName, string Email, bool HasSecondFactor)
{
    private const string Product = "governance";
    private const int ShortestWord = 3;

    /// <summary>The words that a guess about this person would begin with: of the product, the organisation, the name and the address.</summary>
    public IReadOnlyList<string> GuessableWords() =>
    [
        .. new[] { Product, OrganizationName, PersonName, WithoutTopLevelDomain(Email) }
            .SelectMany(Words)
            .Where(word => word.Length >= ShortestWord)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(word => word.Length),
    ];

    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        var normal = PasswordText.Normalize(text) ?? "";
        for (var i = 0; i <= normal.Length; i++)
        {
            if (i < normal.Length && char.IsLetterOrDigit(normal[i])) continue;
            if (i > start) yield return normal[start..i];
            start = i + 1;
        }
    }

    private static string WithoutTopLevelDomain(string email) => email.LastIndexOf('.') is var dot and > 0 && dot > email.IndexOf('@') ? email[..dot] : email;
}
