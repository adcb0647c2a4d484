using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Audit;

namespace Governance.Infrastructure.Audit;

/// <summary>What exports and proofs write alike.</summary>
internal static class AuditExportFormat
{
    /// <summary>A part of a payload: with what its commitment is checked by, or that it was erased. A broken one claims to be erased, which the verifier finds out.</summary>
    public static JsonNode PartOf(AuditPartRow part) => part is { Json: { } json, CommitmentKey: { } key }
        ? new JsonObject { ["key"] = Base64Url.EncodeToString(key), ["payload"] = JsonNode.Parse(json) }
        : new JsonObject { ["erased"] = true };

    /// <summary>A line of an export. It is put together from texts that are JSON already, because an export has millions.</summary>
    public static void WriteEntry(StringBuilder lines, long index, AuditLeaf leaf, IReadOnlyList<AuditPartRow> parts)
    {
        lines.Append(CultureInfo.InvariantCulture, $"{{\"index\":{index},\"leaf\":\"").Append(JsonEncodedText.Encode(leaf.ToString(), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append("\",\"parts\":[");
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) lines.Append(',');
            if (parts[i] is { Json: { } json, CommitmentKey: { } key })
                lines.Append("{\"key\":\"").Append(Base64Url.EncodeToString(key)).Append("\",\"payload\":").Append(json).Append('}');
            else lines.Append("{\"erased\":true}");
        }

        lines.Append("]}\n");
    }
}
