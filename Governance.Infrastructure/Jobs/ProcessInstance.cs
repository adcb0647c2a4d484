namespace Governance.Infrastructure.Jobs;

/// <summary>A running process. One that has not been seen for a while is dead, and what it left open is closed for it.</summary>
public sealed class ProcessInstance
{
    public Guid Id { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }
}
