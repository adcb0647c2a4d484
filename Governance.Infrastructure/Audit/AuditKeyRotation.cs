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
    private static readonly Refusal NotTakenUp =
        Refusal.Conflict("Not every log is signed with the present key yet. Start the program, wait a minute until it has signed them, then rotate.");

    /// <returns>The new public key, 32 bytes.</returns>
    public async Task<Result<byte[]>> RotateAsync(CancellationToken cancellation)
    {
        await using var across = database.AcrossOrganizations();
        foreach (var organizationId in await across.Organizations.Select(row => row.Id).ToListAsync(cancellation))
        {
            // Only one key back is kept: a second change before a log has taken up the first would lose the one that it is signed with.
            await using var db = database.ForOrganization(organizationId);
            if (await db.LastCheckpointAsync(cancellation) is { } last && !signer.HasSigned(last)) return NotTakenUp;
        }

        if (!await across.AuditPublicKeys.AnyAsync(key => key.PublicKey == Convert.ToBase64String(signer.PublicKey), cancellation)) return NotTakenUp;
        return signer.Rotate();
    }
}
