using Governance.Domain;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Changes the key that signs checkpoints. It is the operator's to do, at the machine the key lies on. Each log announces the new key
/// by a leaf at the next start, and has both keys sign the checkpoint over it.
/// </summary>
public sealed class AuditKeyRotation(GovernanceDatabase database, AuditSigner signer)
{
    /// <returns>The new public key, 32 bytes.</returns>
    public async Task<Result<byte[]>> RotateAsync(CancellationToken cancellation)
    {
        var current = Convert.ToBase64String(signer.PublicKey);
        await using var db = database.AcrossOrganizations();
        var newest = await db.AuditPublicKeys.OrderByDescending(key => key.FirstUsedAt).Select(key => key.PublicKey).FirstOrDefaultAsync(cancellation);

        // Only one key back is kept: a second change before the first is taken up would lose the one that the logs are signed with.
        if (newest != current) return Refusal.Conflict("The key has not signed anything yet. Start the program, wait for its first checkpoint, then rotate.");
        return signer.Rotate();
    }
}
