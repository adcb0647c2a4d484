namespace Governance.Domain;

/// <summary>Identifiers as people and APIs see them: a prefix that names the kind, then the version-7 GUID in 32 hex digits.</summary>
public static class PublicId
{
    public const string Request = "req";
    public const string Key = "key";
    public const string Price = "price";
    public const string Charge = "charge";
    public const string Budget = "budget";
    public const string ServiceAccount = "sa";
    public const string Approval = "apr";
    public const string AccessReview = "review";
    public const string AuditEvent = "evt";
    public const string Connection = "con";
    public const string Limit = "lim";
    public const string Route = "route";
    public const string WorkItem = "work";
    public const string Bulk = "bulk";

    public static string Format(string prefix, Guid id) => $"{prefix}_{id:n}";

    /// <summary>Reads what <see cref="Format"/> wrote; a bare GUID is accepted too.</summary>
    public static bool TryParse(string prefix, ReadOnlySpan<char> text, out Guid id)
    {
        if (text.Length > prefix.Length && text[prefix.Length] == '_' && text.StartsWith(prefix, StringComparison.Ordinal))
            return Guid.TryParseExact(text[(prefix.Length + 1)..], "n", out id);

        return Guid.TryParse(text, out id);
    }
}
