namespace Governance.Infrastructure.Data;

/// <summary>A governed row: it belongs to one organisation, and no query of another organisation returns it.</summary>
public interface IOrganizationOwned
{
    Guid OrganizationId { get; }
}
