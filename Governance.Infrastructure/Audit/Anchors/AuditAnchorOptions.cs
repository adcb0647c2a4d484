namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>Where the checkpoints of all logs are deposited, out of this program's reach: docs/audit-log.md, "Anchors". Whoever keeps the configuration decides.</summary>
public sealed class AuditAnchorOptions
{
    public const string Section = "Audit:Anchors";

    /// <summary>How often, at most, a checkpoint goes to a folder, webhook or witness; and how long, at most, a log that grew waits for one. 1 minute to 1 day.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A folder that exists and that this program can add files to; best one whose files it can neither change nor delete.</summary>
    public string? Folder { get; set; }

    /// <summary>Addresses to which each checkpoint is posted as JSON. A query may hold a secret: it is neither stored nor shown.</summary>
    public IList<string> Webhooks { get; } = [];

    /// <summary>Mail addresses of auditors.</summary>
    public IList<string> Mail { get; } = [];

    /// <summary>How often, at most, a checkpoint is mailed. 1 to 31 days.</summary>
    public TimeSpan MailEvery { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Witnesses, which cosign a checkpoint after they saw that it continues the one before (https://c2sp.org/tlog-witness).</summary>
    public IList<WitnessOptions> Witnesses { get; } = [];

    /// <summary>How long a webhook or a witness may take to answer. 1 second to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>A witness.</summary>
public sealed class WitnessOptions
{
    /// <summary>The submission prefix, to which <c>/add-checkpoint</c> is appended.</summary>
    public string? Url { get; set; }

    /// <summary>The verifier key of its cosignatures, as its operator publishes it: <c>name+hash+base64</c>.</summary>
    public string? VerifierKey { get; set; }
}
