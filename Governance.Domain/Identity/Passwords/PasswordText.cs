using System.Text;

namespace Governance.Domain.Identity.Passwords;

/// <summary>A password as text: counted by Unicode code points, compared in one normal form (NIST SP 800-63B-4, section 3.1.1.2).</summary>
public static class PasswordText
{
    /// <summary>The longest password taken, in UTF-16 units, so that nobody has the server hash a book.</summary>
    public const int MaxLength = 1024;

    /// <summary>
    /// The password in form NFC, or none if it is too long or not well-formed Unicode. NFC alone is applied: keyboards differ in how they
    /// encode the same "é"; nothing else of what was typed may change (OWASP ASVS v5, 6.2.8).
    /// </summary>
    public static string? Normalize(string typed)
    {
        if (typed.Length > MaxLength) return null;
        try
        {
            return typed.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return null; // A lone surrogate: no keyboard sends one.
        }
    }

    /// <summary>How many characters it has; each code point counts as one.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();
}
