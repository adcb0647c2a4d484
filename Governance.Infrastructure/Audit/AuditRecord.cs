namespace Governance.Infrastructure.Audit;

/// <summary>An entry of the log with its event and the parts of its payload as they are kept, wherever that is.</summary>
/// <param name="Index">Its place.</param>
/// <param name="LeafHash">The hash the tree has of it.</param>
/// <param name="Event">The event.</param>
/// <param name="Parts">The parts, in order.</param>
internal sealed record AuditRecord(long Index, byte[] LeafHash, AuditEvent Event, IReadOnlyList<AuditPart> Parts);
