using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;

namespace Governance.Infrastructure.Audit;

/// <summary>The one leaf of a proxied call. It has the call's id, so that there cannot be two.</summary>
internal static class CallLeaf
{
    public const string ResourceType = "call";

    public static bool IsNeeded(LedgerEntry entry) => entry is { Source: CallSource.Proxy, RequestCount: 1 };

    /// <summary>What is recorded of a ledger entry: the outcome of a call that went through the proxy, and nothing for others.</summary>
    public static AuditDraft? Of(LedgerEntry entry)
    {
        if (!IsNeeded(entry)) return null;
        var outcome = entry.Outcome switch
        {
            CallOutcome.Succeeded => AuditOutcome.Success,
            CallOutcome.Refused => AuditOutcome.Denied,
            _ => AuditOutcome.Failure,
        };
        var details = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["provider"] = entry.Provider,
            ["model"] = entry.Model,
            ["inputTokens"] = entry.InputTokens,
            ["outputTokens"] = entry.OutputTokens,
            ["costNanoUsd"] = entry.CostNanoUsd,
            ["provenance"] = AuditLeaf.NameOf(entry.Provenance),
            ["status"] = entry.Status,
        };
        if (entry.SavedNanoUsd is { } saved) details["savedNanoUsd"] = saved;
        return new AuditDraft(entry.CallId, entry.OrganizationId, $"call.{AuditLeaf.NameOf(entry.Outcome)}", ResourceType, PublicId.Format(PublicId.Request, entry.CallId), outcome)
        {
            Actor = Actor.System(entry.OrganizationId),
            ActedAs = entry.KeyId is { } key ? (AuditActorKind.Key, PublicId.Format(PublicId.Key, key)) : (AuditActorKind.Anonymous, null),
            Reason = entry.ErrorCode,
            CanonicalDetails = details,
        };
    }
}
