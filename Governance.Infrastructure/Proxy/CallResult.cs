using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy;

/// <summary>The target that answered a call, whose prices apply and which the ledger names.</summary>
/// <param name="Provider">Whose prices.</param>
/// <param name="Connection">The connection's name.</param>
/// <param name="Region">The connection's region.</param>
/// <param name="Model">The model that was asked there, as it is governed; none where the API names none.</param>
public sealed record CallSite(string Provider, string Connection, string? Region, string? Model);

/// <summary>How a call ended and what it used: what the proxy hands to the ledger.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="EndedAt">When.</param>
public sealed record CallResult(CallOutcome Outcome, DateTimeOffset EndedAt)
{
    /// <summary>The status the caller got; none if it got none.</summary>
    public int? Status { get; init; }

    public string? ErrorCode { get; init; }

    /// <summary>Where the answer came from; none if it is where the call was opened for.</summary>
    public CallSite? Site { get; init; }

    public string? ActualModel { get; init; }

    /// <summary>The tier the provider says it served.</summary>
    public string? ServiceTier { get; init; }

    public TokenUsage Usage { get; init; }

    /// <summary>What was used that is priced by the piece.</summary>
    public UnitUsage Units { get; init; }

    /// <summary>Whether the provider worked on the call, so that a fee per request falls due.</summary>
    public bool Worked { get; init; }

    /// <summary>Bytes of text in the answer; 0 where they are not known.</summary>
    public long ContentBytes { get; init; }

    /// <inheritdoc cref="LedgerEntry.SavedNanoUsd"/>
    public long? SavedNanoUsd { get; init; }

    public Provenance Provenance { get; init; }

    /// <summary>What was asked for, as telemetry calls it: one of <see cref="GenAiNames"/>. The ledger does not keep it.</summary>
    public string Operation { get; init; } = GenAiNames.Unknown;

    public DateTimeOffset? FirstByteAt { get; init; }

    public IReadOnlyList<CallAttempt> Attempts { get; init; } = [];
}
