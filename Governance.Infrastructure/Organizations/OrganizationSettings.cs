using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Organizations;

/// <summary>What an organisation decided about access. One row an organisation, made with it.</summary>
public sealed class OrganizationSettings : IOrganizationOwned
{
    /// <summary>The roles that see or change what others rely on.</summary>
    public static IReadOnlyList<string> DefaultSecondFactorRoles { get; } = [Roles.SystemAdmin, Roles.ComplianceOfficer, Roles.Auditor];

    public Guid OrganizationId { get; init; }

    /// <summary>Whether people may register themselves with a mail address of <see cref="RegistrationDomains"/>.</summary>
    public bool AllowRegistration { get; set; }

    /// <summary>Mail domains that may register, such as <c>example.com</c>.</summary>
    public List<string> RegistrationDomains { get; set; } = [];

    /// <summary>The roles that need a second factor: whoever holds one must enrol at the next sign-in.</summary>
    public List<string> SecondFactorRoles { get; set; } = [];

    /// <summary>The roles whose grants another person must approve.</summary>
    public List<string> ApprovalRoles { get; set; } = [Roles.SystemAdmin, Roles.ComplianceOfficer, Roles.Auditor];

    /// <summary>A session that does nothing for this long ends.</summary>
    public TimeSpan SessionIdleLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A session ends this long after its sign-in, whatever it does.</summary>
    public TimeSpan SessionAbsoluteLimit { get; set; } = TimeSpan.FromHours(12);

    /// <summary>For how long an invitation can be accepted.</summary>
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long a proposed change can be decided.</summary>
    public TimeSpan ApprovalLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>A key older than this is shown with a warning.</summary>
    public TimeSpan KeyAgeWarning { get; set; } = TimeSpan.FromDays(180);
}

internal sealed class OrganizationSettingsConfiguration : IEntityTypeConfiguration<OrganizationSettings>
{
    public void Configure(EntityTypeBuilder<OrganizationSettings> builder)
    {
        builder.HasKey(settings => settings.OrganizationId);
        builder.HasOne<Organization>().WithOne().HasForeignKey<OrganizationSettings>(settings => settings.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
