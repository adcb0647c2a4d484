namespace Governance.Domain.Audit;

/// <summary>Which class and activity of OCSF (https://schema.ocsf.io) an event is.</summary>
/// <param name="Uid">The class; its category is the first digit.</param>
/// <param name="Activity">The activity within the class.</param>
internal readonly record struct OcsfClass(int Uid, int Activity)
{
    public const int AccountChange = 3001;
    public const int Authentication = 3002;
    public const int EntityManagement = 3004;
    public const int ApiActivity = 6003;

    /// <summary>An activity that the class has no number for; it is named instead.</summary>
    public const int Other = 99;

    public int Category => Uid / 1000;

    public int Type => (Uid * 100) + Activity;

    /// <summary>By what was done: nouns are those of the <see cref="AuditCatalog"/>; what other systems report goes by its category.</summary>
    public static OcsfClass Of(AuditLeaf leaf)
    {
        var (noun, verb) = leaf.Action.Split('.', 2) is [var first, var second] ? (first, second) : (leaf.Action, "");
        return noun switch
        {
            "sign_in" => new(Authentication, verb is "succeeded" or "failed" ? 1 : Other),
            "sign_out" => new(Authentication, 2),
            "session" => new(Authentication, verb == "ended" ? 2 : Other),
            "token" => new(Authentication, Other),
            "password" => new(AccountChange, verb switch { "changed" => 3, "reset" => 4, _ => Other }),
            "second_factor" when verb is "accepted" or "refused" => new(Authentication, Other),
            "second_factor" or "authenticator" or "passkey" => new(AccountChange, verb switch { "confirmed" or "added" => 10, "removed" or "reset" => 11, _ => Other }),
            "person" => new(AccountChange, verb switch { "created" => 1, "enabled" => 2, "disabled" => 5, "erased" => 6, _ => Other }),
            _ => leaf.Category switch
            {
                AuditCategory.Authentication => new(AccountChange, Other),
                AuditCategory.DataAccess => new(ApiActivity, 2),
                AuditCategory.Usage or AuditCategory.Security => new(ApiActivity, Other),
                _ => new(EntityManagement, OfChange(verb)),
            },
        };
    }

    /// <summary>Create, read, update and delete have the same numbers in every class that has them.</summary>
    private static int OfChange(string verb) => verb switch
    {
        "created" or "added" or "registered" or "begun" or "signing_key_created" => 1,
        "read" or "exported" => 2,
        "changed" or "updated" or "renamed" or "moved" or "rotated" or "settings_changed" => 3,
        "deleted" or "removed" or "revoked" or "archived" or "ended" or "signing_key_revoked" => 4,
        _ => Other,
    };
}
