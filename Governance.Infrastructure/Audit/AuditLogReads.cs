using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>What several readings of a log begin with. The context sees one organisation.</summary>
internal static class AuditLogReads
{
    /// <summary>How many leaves the tree has.</summary>
    public static async Task<long> SizeOfLogAsync(this GovernanceDbContext db, CancellationToken cancellation) =>
        (await db.AuditEntries.MaxAsync(entry => (long?)entry.Index, cancellation) ?? -1) + 1;

    /// <summary>The newest checkpoint; none before the first.</summary>
    public static Task<AuditCheckpoint?> LastCheckpointAsync(this GovernanceDbContext db, CancellationToken cancellation) =>
        db.AuditCheckpoints.AsNoTracking().OrderByDescending(checkpoint => checkpoint.Size).FirstOrDefaultAsync(cancellation);
}
