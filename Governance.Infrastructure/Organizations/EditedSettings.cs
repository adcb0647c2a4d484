namespace Governance.Infrastructure.Organizations;

/// <summary>An organisation's settings as somebody wants them.</summary>
/// <param name="Name">As it is called on every page.</param>
/// <param name="Currency">The ISO 4217 code of its books.</param>
/// <param name="AllowRegistration">Whether people with an address of the domains may register themselves.</param>
/// <param name="RegistrationDomains">Mail domains, such as <c>example.com</c>.</param>
/// <param name="SecondFactorRoles">The roles that need a second factor.</param>
/// <param name="ApprovalRoles">The roles whose grants another person must approve.</param>
/// <param name="SessionIdleLimit">A session that does nothing for this long ends.</param>
/// <param name="SessionAbsoluteLimit">A session ends this long after its sign-in.</param>
/// <param name="InvitationLifetime">For how long an invitation can be accepted.</param>
/// <param name="ApprovalLifetime">For how long a proposed change can be decided.</param>
/// <param name="KeyAgeWarning">A key older than this is shown with a warning.</param>
public sealed record EditedSettings(
    string Name,
    string Currency,
    bool AllowRegistration,
    IReadOnlyList<string> RegistrationDomains,
    IReadOnlyList<string> SecondFactorRoles,
    IReadOnlyList<string> ApprovalRoles,
    TimeSpan SessionIdleLimit,
    TimeSpan SessionAbsoluteLimit,
    TimeSpan InvitationLifetime,
    TimeSpan ApprovalLifetime,
    TimeSpan KeyAgeWarning)
{
    /// <summary>The settings as they are.</summary>
    public static EditedSettings Of(Organization organization, OrganizationSettings settings) => new(
        organization.Name, organization.Currency, settings.AllowRegistration, [.. settings.RegistrationDomains], [.. settings.SecondFactorRoles],
        [.. settings.ApprovalRoles], settings.SessionIdleLimit, settings.SessionAbsoluteLimit, settings.InvitationLifetime, settings.ApprovalLifetime,
        settings.KeyAgeWarning);

    internal void ApplyTo(Organization organization, OrganizationSettings settings)
    {
        (organization.Name, organization.Currency) = (Name, Currency);
        (settings.AllowRegistration, settings.RegistrationDomains) = (AllowRegistration, [.. RegistrationDomains]);
        (settings.SecondFactorRoles, settings.ApprovalRoles) = ([.. SecondFactorRoles], [.. ApprovalRoles]);
        (settings.SessionIdleLimit, settings.SessionAbsoluteLimit) = (SessionIdleLimit, SessionAbsoluteLimit);
        (settings.InvitationLifetime, settings.ApprovalLifetime, settings.KeyAgeWarning) = (InvitationLifetime, ApprovalLifetime, KeyAgeWarning);
    }

    /// <summary>What another version says differently, by setting.</summary>
    internal IReadOnlyDictionary<string, object> ChangesTo(EditedSettings after) => Facts()
        .Zip(after.Facts(), (old, now) => (old.Name, Before: old.Value, After: now.Value))
        .Where(fact => !string.Equals(fact.Before, fact.After, StringComparison.Ordinal))
        .ToDictionary(fact => fact.Name, object (fact) => new { before = fact.Before, after = fact.After });

    private IEnumerable<(string Name, string Value)> Facts() =>
    [
        ("name", Name), ("currency", Currency), ("allowRegistration", AllowRegistration ? "yes" : "no"),
        ("registrationDomains", string.Join(", ", RegistrationDomains)), ("secondFactorRoles", string.Join(", ", SecondFactorRoles)),
        ("approvalRoles", string.Join(", ", ApprovalRoles)), ("sessionIdleLimit", SessionIdleLimit.ToString()),
        ("sessionAbsoluteLimit", SessionAbsoluteLimit.ToString()), ("invitationLifetime", InvitationLifetime.ToString()),
        ("approvalLifetime", ApprovalLifetime.ToString()), ("keyAgeWarning", KeyAgeWarning.ToString()),
    ];
}
