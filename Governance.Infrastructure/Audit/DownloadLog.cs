using Governance.Domain.Identity;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Audit;

/// <summary>Records that a page's rows leave the program as a file. Whoever offers the file has authorised the download.</summary>
public sealed class DownloadLog(GovernanceDatabase database, AuditTrail audit)
{
    /// <param name="file">The file's name in its address, such as <c>people.csv</c>.</param>
    /// <param name="actor">Who downloads it.</param>
    /// <param name="parameters">The period and the filters, by their names in the address.</param>
    /// <param name="cancellation">Stops it, and the download with it.</param>
    public async Task RecordAsync(string file, Actor actor, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        audit.Record(db, actor, "export.created", "download", file, new { parameters });
        await db.SaveChangesAsync(cancellation);
    }
}
