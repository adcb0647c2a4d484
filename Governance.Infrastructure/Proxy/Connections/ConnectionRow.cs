using Governance.Domain.Costs;
using Governance.Domain.Proxy;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>Who set a connection up.</summary>
public enum ConnectionSource
{
    /// <summary>The organisation.</summary>
    Organization,

    /// <summary>The operator of this installation, in its configuration.</summary>
    Operator,

    /// <summary>It is built in.</summary>
    Sandbox,
}

/// <summary>A connection, how it does and what it is used for. It holds no secret.</summary>
/// <param name="Source">Who set it up.</param>
/// <param name="Name">As callers and the ledger name it.</param>
/// <param name="Kind">The id of the kind of provider; empty for the sandbox, which answers for several.</param>
/// <param name="BaseUrl">Where calls go.</param>
public sealed record ConnectionRow(ConnectionSource Source, string Name, string Kind, string BaseUrl)
{
    /// <summary>None for what the organisation did not set up.</summary>
    public Guid? Id { get; init; }

    public string? Region { get; init; }

    public string? Account { get; init; }

    public string? AccessKeyId { get; init; }

    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    public int? ConnectTimeoutSeconds { get; init; }

    public int? ActivityTimeoutSeconds { get; init; }

    public int? Attempts { get; init; }

    public bool Approved { get; init; } = true;

    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The kinds whose calls come here unless they name another connection.</summary>
    public IReadOnlyList<Provider> DefaultOf { get; init; } = [];

    public IReadOnlyList<string> Models { get; init; } = [];

    public DateTimeOffset? ModelsReadAt { get; init; }

    public DateTimeOffset? TestedAt { get; init; }

    public int? TestLatencyMs { get; init; }

    public string? TestError { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The last hour.</summary>
    public ConnectionHealth Hour { get; init; } = ConnectionHealth.None;

    /// <summary>The last 24 hours.</summary>
    public ConnectionHealth Day { get; init; } = ConnectionHealth.None;

    /// <summary>The last failure of the last 24 hours.</summary>
    public ConnectionFailure? LastFailure { get; init; }

    /// <summary>Calls in the period that was asked about.</summary>
    public long Calls { get; init; }

    /// <summary>What they cost.</summary>
    public Money Cost { get; init; }

    /// <summary>The kind; none for the sandbox.</summary>
    public Provider? Provider => Providers.Find(Kind);

    public string? PublicId => Id is { } id ? Domain.PublicId.Format(Domain.PublicId.Connection, id) : null;
}

/// <summary>How a connection did.</summary>
/// <param name="Calls">Calls that were sent to the provider.</param>
/// <param name="Failures">Those that the provider did not answer as it should.</param>
/// <param name="MedianMs">The median duration of those that succeeded, to two digits; none if none did.</param>
public sealed record ConnectionHealth(long Calls, long Failures, int? MedianMs)
{
    public static ConnectionHealth None { get; } = new(0, 0, null);

    /// <summary>0 to 1.</summary>
    public decimal FailureShare => Calls == 0 ? 0 : (decimal)Failures / Calls;
}

/// <summary>A kind of failure.</summary>
/// <param name="Outcome">How the calls ended.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Calls">How many calls ended so in the last 24 hours.</param>
/// <param name="LastAt">When the last of them began.</param>
public sealed record ConnectionFailure(CallOutcome Outcome, int? Status, string? Code, long Calls, DateTimeOffset LastAt);

/// <summary>What a connection was used for.</summary>
/// <param name="Model">The model.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Cost">What they cost.</param>
/// <param name="Tokens">Prompt and completion tokens.</param>
public sealed record ConnectionModel(string Model, long Calls, Money Cost, long Tokens);

/// <summary>A connection in full.</summary>
/// <param name="Row">The connection.</param>
/// <param name="Models">The models that were called in the period, the costliest first.</param>
/// <param name="Failures">How calls failed in the last 24 hours, the latest first.</param>
public sealed record ConnectionDetail(ConnectionRow Row, IReadOnlyList<ConnectionModel> Models, IReadOnlyList<ConnectionFailure> Failures);
