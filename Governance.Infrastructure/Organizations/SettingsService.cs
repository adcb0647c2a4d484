using System.Text.RegularExpressions;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>Reads and changes the settings of an organisation.</summary>
public sealed partial class SettingsService(GovernanceDatabase database, AccessControl access, SettingsDirectory directory, AuditTrail audit)
{
    private const int MaxDomains = 50;

    /// <summary>The settings as they are now; none for who may not see them.</summary>
    public async Task<EditedSettings?> FindAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.OrganizationRead, cancellation)) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return EditedSettings.Of(
            await db.Organizations.AsNoTracking().SingleAsync(cancellation), await db.OrganizationSettings.AsNoTracking().SingleAsync(cancellation));
    }

    /// <summary>The roles that can be named in the settings.</summary>
    public async Task<IReadOnlyList<RoleDefinition>> RolesAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.OrganizationRead, cancellation)) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        return [.. (await db.LoadRoleCatalogAsync(cancellation)).All];
    }

    /// <summary>Changes what differs; the audit trail has both versions of it.</summary>
    public async Task<Result> ChangeAsync(Actor actor, EditedSettings request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.OrganizationWrite, cancellation) is { } forbidden) return forbidden;
        var wanted = request with
        {
            Name = request.Name.Trim(),
            RegistrationDomains = [.. request.RegistrationDomains.Select(Domain).Where(domain => domain.Length > 0).Distinct(StringComparer.Ordinal)],
        };
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (Check(wanted) is { } refusal) return refusal;
        if (CheckRoles(wanted, await db.LoadRoleCatalogAsync(cancellation)) is { } unknown) return unknown;

        var organization = await db.Organizations.SingleAsync(cancellation);
        var settings = await db.OrganizationSettings.SingleAsync(cancellation);
        var changes = EditedSettings.Of(organization, settings).ChangesTo(wanted);
        if (changes.Count == 0) return Result.Ok;

        wanted.ApplyTo(organization, settings);
        audit.Record(db, actor, "organization.settings_changed", "organization", organization.Id.ToString("n"), changes);
        await db.SaveChangesAsync(cancellation);
        directory.Forget(organization.Id);
        return Result.Ok;
    }

    private static Refusal? Check(EditedSettings settings)
    {
        if (settings.Name.Length is 0 or > OrganizationService.MaxNameLength)
            return Refusal.Invalid(nameof(settings.Name), $"Give the organisation a name of 1 to {OrganizationService.MaxNameLength} characters.");
        if (!OrganizationService.Currencies.Contains(settings.Currency))
            return Refusal.Invalid(nameof(settings.Currency), $"'{settings.Currency}' is not a currency. Choose an ISO 4217 code such as EUR.");
        if (settings.RegistrationDomains.FirstOrDefault(domain => !DomainName().IsMatch(domain)) is { } wrong)
            return Refusal.Invalid(nameof(settings.RegistrationDomains), $"'{wrong}' is not a mail domain. Write it as example.com, without @.");
        if (settings.RegistrationDomains.Count > MaxDomains)
            return Refusal.Invalid(nameof(settings.RegistrationDomains), $"Name at most {MaxDomains} domains.");
        if (settings is { AllowRegistration: true, RegistrationDomains.Count: 0 })
            return Refusal.Invalid(nameof(settings.RegistrationDomains), "Name at least one mail domain, or anybody could register.");
        return CheckTimes(settings);
    }

    private static Refusal? CheckTimes(EditedSettings settings)
    {
        if (!SettingsLimits.SessionIdle.Include(settings.SessionIdleLimit))
            return Refusal.Invalid(nameof(settings.SessionIdleLimit), "Choose 5 to 1,440 minutes.");
        if (!SettingsLimits.SessionAbsolute.Include(settings.SessionAbsoluteLimit))
            return Refusal.Invalid(nameof(settings.SessionAbsoluteLimit), "Choose 1 to 168 hours.");
        if (settings.SessionIdleLimit > settings.SessionAbsoluteLimit)
            return Refusal.Invalid(nameof(settings.SessionIdleLimit), "The idle limit cannot be longer than the whole session.");
        if (!SettingsLimits.Invitation.Include(settings.InvitationLifetime))
            return Refusal.Invalid(nameof(settings.InvitationLifetime), "Choose 1 to 30 days.");
        if (!SettingsLimits.Approval.Include(settings.ApprovalLifetime))
            return Refusal.Invalid(nameof(settings.ApprovalLifetime), "Choose 1 to 90 days.");
        return SettingsLimits.KeyAge.Include(settings.KeyAgeWarning)
            ? null
            : Refusal.Invalid(nameof(settings.KeyAgeWarning), "Choose 7 to 1,095 days.");
    }

    private static Refusal? CheckRoles(EditedSettings settings, RoleCatalog catalog)
    {
        if (settings.SecondFactorRoles.FirstOrDefault(role => catalog.Find(role) is null) is { } factor)
            return Refusal.Invalid(nameof(settings.SecondFactorRoles), $"There is no role '{factor}' any more. Load the page again.");
        return settings.ApprovalRoles.FirstOrDefault(role => catalog.Find(role) is null) is { } approval
            ? Refusal.Invalid(nameof(settings.ApprovalRoles), $"There is no role '{approval}' any more. Load the page again.")
            : null;
    }

    private static string Domain(string text) => text.Trim().TrimStart('@').ToLowerInvariant();

    [GeneratedRegex(@"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex DomainName();
}
