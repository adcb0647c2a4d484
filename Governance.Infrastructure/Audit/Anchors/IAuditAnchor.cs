using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>A place out of this program's reach in which checkpoints are deposited.</summary>
internal interface IAuditAnchor
{
    AuditAnchorKind Kind { get; }

    /// <summary>Which one of its kind; stable, stored for ever, and without a secret or a person's address.</summary>
    string Target { get; }

    /// <summary>What people are shown beside the target; none if that says all.</summary>
    string? Label { get; }

    /// <summary>How often, at most, it gets a checkpoint.</summary>
    TimeSpan Every { get; }

    /// <summary>Deposits a checkpoint. Again with the same one comes out the same.</summary>
    /// <param name="db">Reads the organisation's log; what is added to it is saved with the deposit.</param>
    /// <param name="checkpoint">Which one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How it went; an exception counts as a failure, too.</returns>
    Task<AnchorReply> DepositAsync(GovernanceDbContext db, AuditCheckpoint checkpoint, CancellationToken cancellation);
}

/// <summary>How a deposit went.</summary>
/// <param name="Error">Why it failed; none if it did not.</param>
/// <param name="Receipt">What the place gave for it, to be verified later.</param>
/// <param name="Contradicts">Whether the place holds something that cannot be true beside this log: one of the two was changed.</param>
internal sealed record AnchorReply(string? Error, string? Receipt = null, bool Contradicts = false)
{
    public static AnchorReply Good { get; } = new((string?)null);

    public static AnchorReply Failed(string error) => new(error);

    public static AnchorReply Contradiction(string error) => new(error, Contradicts: true);
}

/// <summary>What kind of place an anchor is.</summary>
public enum AuditAnchorKind
{
    Folder,
    Webhook,
    Mail,
    Witness,
}
