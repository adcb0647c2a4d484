using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace Governance.Infrastructure.Audit;

/// <summary>What exports and proofs write alike.</summary>
internal static class AuditExportFormat
{
    /// <summary>A part of a payload: with what its commitment is checked by, or that it was erased. A broken one claims to be erased, which the verifier finds out.</summary>
    public static JsonNode PartOf(AuditPartRow part) => part is { Json: { } json, CommitmentKey: { } key }
        ? new JsonObject { ["key"] = Base64Url.EncodeToString(key), ["payload"] = JsonNode.Parse(json) }
        : new JsonObject { ["erased"] = true };
}
