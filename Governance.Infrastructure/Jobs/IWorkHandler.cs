namespace Governance.Infrastructure.Jobs;

/// <summary>Does one kind of durable work.</summary>
public interface IWorkHandler
{
    string Kind { get; }

    /// <summary>Does it. It may be called again for the same item after a crash, so it must come out the same. An exception is a failed attempt.</summary>
    Task HandleAsync(WorkItem item, CancellationToken cancellation);
}
