using System.Xml.Linq;
using Governance.Infrastructure.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Governance.Infrastructure.Secrets;

/// <summary>Keeps Data Protection's keys in the database, so that several processes read each other's cookies.</summary>
internal sealed class DataProtectionStore(GovernanceDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = database.AcrossOrganizations();
        return [.. db.DataProtectionKeys.Select(key => key.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = database.AcrossOrganizations();
        db.DataProtectionKeys.Add(new DataProtectionKey { Id = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}
