using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>
/// The organisation that runs this installation: the first one. What belongs to nobody, such as a call without a valid key or a
/// sign-in with an unknown address, is recorded there.
/// </summary>
public sealed class OperatingOrganization(GovernanceDatabase database)
{
    private Organization? _known;

    /// <summary>None before the set-up.</summary>
    public async ValueTask<Organization?> FindAsync(CancellationToken cancellation)
    {
        if (_known is not null) return _known;
        await using var db = database.AcrossOrganizations();
        return _known = await db.Organizations.AsNoTracking().OrderBy(organization => organization.Id).FirstOrDefaultAsync(cancellation);
    }
}
