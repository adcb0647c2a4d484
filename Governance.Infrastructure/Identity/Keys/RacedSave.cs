using Governance.Domain;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>Saves what somebody else may be saving at the same moment.</summary>
internal static class RacedSave
{
    /// <summary>Saves, unless somebody else was faster.</summary>
    /// <returns>None if it was saved.</returns>
    public static async Task<Refusal?> TrySaveAsync(this GovernanceDbContext db, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            return null;
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody changed it at this very moment. Look at it again.");
        }
    }
}
