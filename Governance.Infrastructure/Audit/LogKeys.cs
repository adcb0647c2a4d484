using System.Text.Json.Nodes;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Who has signed a log. It is written as <c>keys.json</c>: docs/audit-log.md, "Export".</summary>
/// <param name="Verifiers">The keys, oldest first.</param>
/// <param name="Handovers">For each change of the key the checkpoint that both have signed: who trusts the older one can trust the newer.</param>
public sealed record LogKeys(IReadOnlyList<VerifierKey> Verifiers, IReadOnlyList<string> Handovers)
{
    internal static async Task<LogKeys> ReadAsync(GovernanceDbContext db, Guid organizationId, CancellationToken cancellation)
    {
        var origin = AuditLeaf.OriginOf(organizationId);
        var keys = await db.AuditPublicKeys.OrderBy(key => key.FirstUsedAt).Select(key => key.PublicKey).ToListAsync(cancellation);
        var rotations = await (
            from entry in db.AuditEvents
            where entry.OrganizationId == organizationId && entry.Action == AuditSigner.Rotated
            join placed in db.AuditEntries on entry.Id equals placed.EventId
            orderby placed.Index
            select placed.Index).ToListAsync(cancellation);
        var handovers = new List<string>();
        foreach (var index in rotations)
        {
            var note = await db.AuditCheckpoints.Where(row => row.OrganizationId == organizationId && row.Size > index).OrderBy(row => row.Size)
                .Select(row => row.Note).FirstOrDefaultAsync(cancellation);
            if (note is not null) handovers.Add(note);
        }

        return new LogKeys([.. keys.Select(key => new VerifierKey(origin, Convert.FromBase64String(key)))], handovers);
    }

    internal JsonObject ToJson() => new() { ["keys"] = Texts(Verifiers.Select(key => key.ToString())), ["handovers"] = Texts(Handovers) };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
