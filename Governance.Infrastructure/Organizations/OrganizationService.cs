using System.Globalization;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>What an organisation starts with.</summary>
/// <param name="Name">As it is called on every page.</param>
/// <param name="TimeZone">The IANA id of its reporting time zone.</param>
/// <param name="Currency">The ISO 4217 code of its books.</param>
/// <param name="IsDemo">Whether its data is made up.</param>
/// <param name="SecondFactorRoles">The roles that need a second factor; the default ones if not said.</param>
public sealed record NewOrganization(
    string Name, string TimeZone, string Currency, bool IsDemo = false, IReadOnlyList<string>? SecondFactorRoles = null);

/// <summary>Creates organisations, with the starting price book.</summary>
public sealed class OrganizationService(GovernanceDatabase database, AuditTrail audit, TimeProvider time)
{
    public const int MaxNameLength = 200;

    /// <summary>The currencies of the cultures this machine knows, as ISO 4217 codes.</summary>
    public static IReadOnlyList<string> Currencies { get; } =
    [
        .. CultureInfo.GetCultures(CultureTypes.SpecificCultures)
            .Select(culture => new RegionInfo(culture.Name).ISOCurrencySymbol)
            .Where(symbol => symbol.Length == 3 && symbol.All(char.IsAsciiLetterUpper))
            .Append("USD")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    public async Task<bool> AnyAsync(CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        return await db.Organizations.AnyAsync(cancellation);
    }

    public async Task<Result<Organization>> CreateAsync(NewOrganization request, CancellationToken cancellation)
    {
        if (Check(request) is { } refusal) return refusal;

        var now = time.GetUtcNow();
        var organization = new Organization
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name.Trim(),
            TimeZone = request.TimeZone,
            Currency = request.Currency,
            IsDemo = request.IsDemo,
            CreatedAt = now,
        };
        await using var db = database.ForOrganization(organization.Id);
        db.Organizations.Add(organization);
        db.OrganizationSettings.Add(new OrganizationSettings
        {
            OrganizationId = organization.Id,
            SecondFactorRoles = request.SecondFactorRoles is null ? [.. OrganizationSettings.DefaultSecondFactorRoles] : [.. request.SecondFactorRoles],
        });
        db.Prices.AddRange(PriceSeed.For(organization.Id, now));
        audit.Record(db, Actor.System(organization.Id), "organization.created", "organization", organization.Id.ToString("n"),
            new { organization.Name, organization.TimeZone, organization.Currency });
        await db.SaveChangesAsync(cancellation);
        return organization;
    }

    public async Task<Organization?> FindAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        return await db.Organizations.AsNoTracking().SingleOrDefaultAsync(cancellation);
    }

    private static Refusal? Check(NewOrganization request)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Trim().Length > MaxNameLength)
            return Refusal.Invalid(nameof(request.Name), $"Give the organisation a name of 1 to {MaxNameLength} characters.");
        if (!ReportingZone.TryParse(request.TimeZone, out _))
            return Refusal.Invalid(nameof(request.TimeZone), $"'{request.TimeZone}' is not a time zone. Choose one such as Europe/Berlin.");
        if (!Currencies.Contains(request.Currency))
            return Refusal.Invalid(nameof(request.Currency), $"'{request.Currency}' is not a currency. Choose an ISO 4217 code such as EUR.");
        return null;
    }
}
