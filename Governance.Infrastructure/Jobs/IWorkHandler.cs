using Governance.Domain;

namespace Governance.Infrastructure.Jobs;

/// <summary>Does one kind of durable work.</summary>
public interface IWorkHandler
{
    string Kind { get; }

    /// <summary>What people may see and do of it. Unless a handler says otherwise it is taken for the most delicate there is.</summary>
    WorkTraits Traits => WorkTraits.Unknown(Kind);

    /// <summary>Whether an item could be done with another payload, which somebody wrote; only asked where it can be edited.</summary>
    /// <returns>The payload as it would be kept.</returns>
    Result<string> CheckEdit(WorkItem item, string payload) => Refusal.Conflict("Work of this kind cannot be edited.");

    /// <summary>Does it. It may be called again for the same item after a crash, so it must come out the same. An exception is a failed attempt.</summary>
    /// <exception cref="NeedsPersonException">No further attempt can succeed.</exception>
    Task HandleAsync(WorkItem item, CancellationToken cancellation);
}
